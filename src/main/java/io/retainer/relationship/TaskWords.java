package io.retainer.relationship;

import io.retainer.vault.PersonalKind;
import io.retainer.vault.Processing;
import io.retainer.vault.Sealed;
import io.retainer.vault.SealedColumn;
import io.retainer.vault.SealedTable;
import io.retainer.vault.Vault;
import java.util.List;
import java.util.UUID;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

/**
 * The one place of the module where the words of tasks are opened: for those with standing who work on them. What was said
 * to a customer is not opened here; that is a reveal.
 */
@Component
class TaskWords {

    static final SealedColumn WORDS = new SealedColumn("relationship.task", "words", PersonalKind.TEXT);

    private final Vault vault;

    TaskWords(Vault vault) {
        this.vault = vault;
    }

    byte[] seal(UUID tenant, UUID task, String words) {
        return vault.writing(tenant).seal(WORDS, task, words).bytes();
    }

    /** Within a transaction that may read the tenant. */
    String open(UUID tenant, UUID task, byte[] words) {
        return vault.processing(tenant, Processing.CASE_WORK)
                .open(WORDS, task, Sealed.of(words))
                .inTheClear();
    }

    @Configuration(proxyBeanMethods = false)
    static class Tables {

        @Bean
        SealedTable relationshipTaskTable() {
            return new SealedTable("relationship.task", "id", List.of(WORDS));
        }
    }
}
