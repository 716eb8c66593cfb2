package io.retainer.billing;

import static io.retainer.billing.TermsFixture.at;

import io.retainer.contract.ContractTerms;
import io.retainer.contract.TermsInForce;
import io.retainer.contract.TermsVersion;
import io.retainer.identity.Engagement;
import io.retainer.identity.Engagements;
import io.retainer.kernel.Unknown;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** Contracts in force as the tests want them, people with standing under them, and a clock to turn. */
@TestConfiguration(proxyBeanMethods = false)
class BillingWorld {

    @Bean
    @Primary
    TestClock testClock() {
        return new TestClock();
    }

    @Bean
    @Primary
    TestContracts testContracts() {
        return new TestContracts();
    }

    @Bean
    TestEngagements testEngagements() {
        return new TestEngagements();
    }

    static final class TestClock extends Clock {

        private volatile Instant now = at("2025-02-01T12:00");

        void set(String local) {
            now = at(local);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    static final class TestContracts implements TermsInForce {

        private final Map<UUID, ContractTerms> terms = new ConcurrentHashMap<>();

        void put(UUID contract, ContractTerms inForce) {
            terms.put(contract, inForce);
        }

        @Override
        public TermsVersion at(UUID tenant, UUID contract, Instant moment) {
            var inForce = terms.get(contract);
            if (inForce == null) {
                throw new Unknown("contract " + contract);
            }
            return new TermsVersion(contract, contract, 1, "0".repeat(64), Instant.EPOCH, inForce);
        }
    }

    static final class TestEngagements implements Engagements {

        private final List<Engagement> all = new CopyOnWriteArrayList<>();

        void add(Engagement engagement) {
            all.add(engagement);
        }

        @Override
        public List<Engagement> of(Collection<UUID> organisations, @Nullable UUID contract, Instant at) {
            return all.stream()
                    .filter(one -> organisations.contains(one.organisation()))
                    .filter(one -> contract == null || one.contract().equals(contract))
                    .toList();
        }
    }
}
