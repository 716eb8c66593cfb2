package io.retainer.customer;

import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.vault.PersonalKind;
import io.retainer.vault.Sealed;
import io.retainer.vault.SealedColumn;
import io.retainer.vault.SealedTable;
import io.retainer.vault.Vault;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/**
 * What customers agreed to, per purpose and channel, with proof; and what they took back, which counts at once. The latest
 * word on a channel counts, and a word on {@link Channel#ANY} is a word on each.
 */
@Service
public class Consents {

    static final SealedColumn PROOF = new SealedColumn("customer.consent", "proof", PersonalKind.TEXT);

    private static final int LONGEST_PROOF = 2000;

    private final JdbcClient jdbc;
    private final Vault vault;
    private final Tenancy tenancy;
    private final CustomerRows customers;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    Consents(
            JdbcClient jdbc,
            Vault vault,
            Tenancy tenancy,
            CustomerRows customers,
            ApplicationEventPublisher events,
            Clock clock) {
        this.jdbc = jdbc;
        this.vault = vault;
        this.tenancy = tenancy;
        this.customers = customers;
        this.events = events;
        this.clock = clock;
    }

    /** How things stand on one purpose and channel. */
    public record Standing(DataPurpose purpose, Channel channel, boolean granted, Instant since, ProofKind proofKind) {}

    /**
     * Records a consent or its withdrawal.
     *
     * @param proof the words shown, where the call or paper is kept; 1 to 2000 characters, sealed
     * @throws Refused when the time lies ahead or the proof is missing
     */
    public UUID record(
            Access access,
            UUID customer,
            DataPurpose purpose,
            Channel channel,
            boolean granted,
            ProofKind proofKind,
            String proof,
            Instant happenedAt) {
        access.require(Capability.EDIT_CUSTOMERS);
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var at = happenedAt.truncatedTo(ChronoUnit.MICROS);
        if (proof.isBlank() || proof.length() > LONGEST_PROOF) {
            throw Refused.field("proof", "customer.consent.proof", LONGEST_PROOF);
        }
        if (at.isAfter(now)) {
            throw Refused.field("happenedAt", "customer.consent.ahead");
        }
        var tenant = access.tenant();
        return tenancy.write(tenant, () -> {
            return keep(
                    tenant,
                    access.contract(),
                    customers.present(tenant, customer),
                    purpose,
                    channel,
                    granted,
                    proofKind,
                    proof,
                    at,
                    now,
                    access.person());
        });
    }

    /** Keeps what somebody agreed to on a form, in the words of it, in the running transaction. */
    void byForm(UUID tenant, UUID contract, UUID customer, DataPurpose purpose, String words) {
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        keep(tenant, contract, customer, purpose, Channel.ANY, true, ProofKind.FORM, words, now, now, null);
    }

    private UUID keep(
            UUID tenant,
            UUID contract,
            UUID customer,
            DataPurpose purpose,
            Channel channel,
            boolean granted,
            ProofKind proofKind,
            String proof,
            Instant at,
            Instant now,
            @Nullable UUID actor) {
        var id = Ids.at(now.toEpochMilli());
        jdbc.sql("""
                        insert into customer.consent (tenant_id, id, customer_id, purpose, channel, granted,
                            proof_kind, proof, happened_at, recorded_at, actor)
                        values (:tenant, :id, :customer, :purpose, :channel, :granted, :proofKind, :proof, :at, :now,
                            :actor)
                        """)
                .param("tenant", tenant)
                .param("id", id)
                .param("customer", customer)
                .param("purpose", purpose.name())
                .param("channel", channel.name())
                .param("granted", granted)
                .param("proofKind", proofKind.name())
                .param(
                        "proof",
                        vault.writing(tenant).seal(PROOF, id, proof.strip()).bytes())
                .param("at", at.atOffset(ZoneOffset.UTC))
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("actor", actor)
                .update();
        events.publishEvent(
                granted
                        ? new ConsentGiven(tenant, contract, customer, id, purpose, channel, at, actor)
                        : new ConsentWithdrawn(tenant, contract, customer, id, purpose, channel, at, actor));
        return id;
    }

    /** How things stand, a line for each purpose and channel something was said about. */
    public List<Standing> of(Access access, UUID customer) {
        access.require(Capability.READ_CUSTOMERS);
        return tenancy.read(
                access.tenant(),
                () -> jdbc.sql("""
                        select distinct on (purpose, channel) purpose, channel, granted, happened_at, proof_kind
                        from customer.consent where tenant_id = :tenant and customer_id = :customer
                        order by purpose, channel, happened_at desc, id desc
                        """)
                        .param("tenant", access.tenant())
                        .param("customer", customers.present(access.tenant(), customer))
                        .query((row, _) -> new Standing(
                                DataPurpose.valueOf(row.getString("purpose")),
                                Channel.valueOf(row.getString("channel")),
                                row.getBoolean("granted"),
                                row.getTimestamp("happened_at").toInstant(),
                                ProofKind.valueOf(row.getString("proof_kind"))))
                        .list());
    }

    /** Everything that was said, the latest first; {@code stands} is the latest word on its purpose and channel. */
    public record Word(
            UUID id,
            DataPurpose purpose,
            Channel channel,
            boolean granted,
            Instant at,
            ProofKind proofKind,
            boolean stands) {}

    public List<Word> history(Access access, UUID customer) {
        access.require(Capability.READ_CUSTOMERS);
        return tenancy.read(
                access.tenant(),
                () -> jdbc.sql("""
                        select id, purpose, channel, granted, happened_at, proof_kind,
                            row_number() over (partition by purpose, channel order by happened_at desc, id desc) = 1 as stands
                        from customer.consent where tenant_id = :tenant and customer_id = :customer
                        order by happened_at desc, id desc
                        """)
                        .param("tenant", access.tenant())
                        .param("customer", customers.present(access.tenant(), customer))
                        .query((row, _) -> new Word(
                                row.getObject("id", UUID.class),
                                DataPurpose.valueOf(row.getString("purpose")),
                                Channel.valueOf(row.getString("channel")),
                                row.getBoolean("granted"),
                                row.getTimestamp("happened_at").toInstant(),
                                ProofKind.valueOf(row.getString("proof_kind")),
                                row.getBoolean("stands")))
                        .list());
    }

    /** The proof of what a customer said, for a reveal. */
    Optional<Sealed> proof(UUID tenant, UUID customer, UUID consent) {
        return jdbc.sql("""
                        select proof from customer.consent
                        where tenant_id = :tenant and customer_id = :customer and id = :id
                        """)
                .param("tenant", tenant)
                .param("customer", customer)
                .param("id", consent)
                .query((row, _) -> Sealed.of(row.getBytes(1)))
                .optional();
    }

    /**
     * Whether the customer may be addressed so: the latest word on this channel or on all, of whoever was merged into it
     * too. Nothing said means no, except for {@link DataPurpose#SERVICE}, which the contract itself carries.
     */
    public boolean allows(UUID tenant, UUID customer, DataPurpose purpose, Channel channel) {
        return tenancy.read(
                tenant,
                () -> jdbc.sql("""
                        select granted from customer.consent
                        where tenant_id = :tenant and purpose = :purpose and customer_id = coalesce(
                            (select survivor_id from customer.alias where tenant_id = :tenant and id = :customer), :customer)
                        and channel in (:channel, 'ANY') order by happened_at desc, id desc limit 1
                        """)
                        .param("tenant", tenant)
                        .param("customer", customer)
                        .param("purpose", purpose.name())
                        .param("channel", channel.name())
                        .query(Boolean.class)
                        .optional()
                        .orElse(purpose == DataPurpose.SERVICE));
    }

    /** By which channels each of these may be addressed for the purpose, as {@link #allows} has it; who may by none is left out. */
    Map<UUID, Set<Channel>> allowed(UUID tenant, Collection<UUID> ids, DataPurpose purpose) {
        var found = new HashMap<UUID, Set<Channel>>();
        jdbc.sql("""
                        select c.id, h.channel from unnest(cast(:ids as uuid[])) as c (id)
                        cross join unnest(cast(:channels as text[])) as h (channel)
                        where coalesce((
                            select k.granted from customer.consent k
                            where k.tenant_id = :tenant and k.customer_id = c.id and k.purpose = :purpose
                            and k.channel in (h.channel, 'ANY') order by k.happened_at desc, k.id desc limit 1), :usually)
                        """)
                .param("tenant", tenant)
                .param("ids", ids.toArray(UUID[]::new))
                .param(
                        "channels",
                        Stream.of(Channel.values())
                                .filter(channel -> channel != Channel.ANY)
                                .map(Channel::name)
                                .toArray(String[]::new))
                .param("purpose", purpose.name())
                .param("usually", purpose == DataPurpose.SERVICE)
                .query(row -> {
                    found.computeIfAbsent(row.getObject(1, UUID.class), _ -> EnumSet.noneOf(Channel.class))
                            .add(Channel.valueOf(row.getString(2)));
                });
        return found;
    }

    @Configuration(proxyBeanMethods = false)
    static class Tables {

        @Bean
        SealedTable consentTable() {
            return new SealedTable("customer.consent", "id", List.of(PROOF));
        }
    }
}
