package io.retainer.complaint;

import io.retainer.kernel.Tenancy;
import io.retainer.messaging.Addresses;
import io.retainer.messaging.Channel;
import io.retainer.messaging.Purpose;
import io.retainer.messaging.Recipient;
import io.retainer.vault.SealedTable;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

/** Where a third party that was asked about a complaint is written to: by the question, for that and for nothing else. */
@Component
class AskedThirdParties implements Addresses {

    private final CaseRows cases;
    private final CaseWords words;
    private final Tenancy tenancy;

    AskedThirdParties(CaseRows cases, CaseWords words, Tenancy tenancy) {
        this.cases = cases;
        this.words = words;
        this.tenancy = tenancy;
    }

    @Override
    public Recipient.Kind kind() {
        return Recipient.Kind.PARTY_CONTACT;
    }

    @Override
    public Optional<String> of(UUID tenant, UUID question, Channel channel, Purpose purpose) {
        return channel != Channel.EMAIL
                ? Optional.empty()
                : tenancy.read(tenant, () -> cases.question(tenant, question)
                        .flatMap(asked -> words.thirdParty(tenant, asked)));
    }

    @Configuration(proxyBeanMethods = false)
    static class Table {

        @Bean
        SealedTable complaintQuestionTable() {
            return new SealedTable("complaint.question", "id", List.of(CaseRows.ASKED));
        }
    }
}
