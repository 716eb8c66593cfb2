package io.retainer.contract;

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
 * The papers that prove an authority. They name people, so they lie sealed; who may sign for a party may read them, and
 * {@link Signing} writes each reading into the ledger.
 */
@Component
class AuthorityPapers {

    private static final SealedColumn PAPER = new SealedColumn("contract.authority", "content", PersonalKind.TEXT);

    private final Vault vault;

    AuthorityPapers(Vault vault) {
        this.vault = vault;
    }

    /** Within the running write transaction of the tenant. */
    Sealed seal(UUID tenant, UUID id, Authority.Paper paper) {
        return vault.writing(tenant).seal(PAPER, id, paper.bytes());
    }

    /** Within a running transaction of the tenant. */
    Authority.Paper open(UUID tenant, UUID id, Sealed sealed) {
        return Authority.Paper.of(vault.processing(tenant, Processing.DELIVERY).openBytes(PAPER, id, sealed));
    }

    @Configuration(proxyBeanMethods = false)
    static class Table {

        @Bean
        SealedTable authorityPapersTable() {
            return new SealedTable("contract.authority", "id", List.of(PAPER));
        }
    }
}
