package io.retainer.customer;

import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import io.retainer.vault.PersonalKind;
import io.retainer.vault.Processing;
import io.retainer.vault.Sealed;
import io.retainer.vault.SealedColumn;
import io.retainer.vault.SealedTable;
import io.retainer.vault.Vault;
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/**
 * What the client's own fields say of a customer, since when, and what they said before: an analysis that looks back to a day
 * sees what was known on it.
 */
@Service
public class OwnFields {

    static final SealedColumn PAST = new SealedColumn("customer.field_past", "sealed", PersonalKind.TEXT);

    private final JdbcClient jdbc;
    private final CustomerRows rows;
    private final Vault vault;
    private final Tenancy tenancy;
    private final Clock clock;

    OwnFields(JdbcClient jdbc, CustomerRows rows, Vault vault, Tenancy tenancy, Clock clock) {
        this.jdbc = jdbc;
        this.rows = rows;
        this.vault = vault;
        this.tenancy = tenancy;
        this.clock = clock;
    }

    /**
     * What a field said for a time.
     *
     * @param value masked when the field is personal
     * @param until the day another value took its place; null while it holds
     */
    public record Said(
            String label,
            String value,
            LocalDate since,
            @Nullable LocalDate until) {}

    /** What all fields of a customer say and said, by field, the latest first. */
    public List<Said> history(Access access, UUID customer) {
        access.require(Capability.READ_CUSTOMERS);
        var tenant = access.tenant();
        return tenancy.read(tenant, () -> {
            var client = vault.reading(tenant);
            return jdbc.sql("""
                            select f.label, v.id, v.plain, v.sealed, v.since, v.until, v.past
                            from (select id, field_id, plain, sealed, since, null::date as until, false as past
                                from customer.field_value where tenant_id = :tenant and customer_id = :customer
                                union all
                                select id, field_id, plain, sealed, since, until, true
                                from customer.field_past where tenant_id = :tenant and customer_id = :customer) as v
                            join customer.field f on f.tenant_id = :tenant and f.id = v.field_id
                            order by f.label, v.past, v.since desc, v.until desc
                            """)
                    .param("tenant", tenant)
                    .param("customer", rows.present(tenant, customer))
                    .query((row, _) -> {
                        var plain = row.getString("plain");
                        var column = row.getBoolean("past") ? PAST : CustomerRows.FIELD;
                        var masked = plain != null
                                ? plain
                                : client.masked(
                                        column, row.getObject("id", UUID.class), Sealed.orNull(row.getBytes("sealed")));
                        return new Said(
                                row.getString("label"),
                                Objects.requireNonNullElse(masked, ""),
                                row.getObject("since", LocalDate.class),
                                row.getObject("until", LocalDate.class));
                    })
                    .list();
        });
    }

    /**
     * Has a field say something else; what it said is kept with the days from and until.
     *
     * @param key of the field
     * @param value blank for nothing any more
     * @param since the day since when; null for today
     * @throws Refused when there is no such field, it cannot have the value, or the day is to come or before what it said last
     */
    public void set(Access access, UUID customer, String key, String value, @Nullable LocalDate since) {
        access.require(Capability.EDIT_CUSTOMERS);
        var tenant = access.tenant();
        tenancy.write(tenant, () -> {
            var field = rows.fields(tenant).get(key);
            if (field == null) {
                throw Refused.field("field", "customer.bad.field", key);
            }
            var now = clock.instant();
            var today = LocalDate.ofInstant(now, Segments.ZONE);
            var from = Objects.requireNonNullElse(since, today);
            if (from.isAfter(today)) {
                throw Refused.field("since", "customer.field.ahead");
            }
            var row = rows.find(tenant, customer).orElseThrow(() -> new Unknown("customer " + customer));
            if (!rows.changed(tenant, row.id(), now)) {
                throw new Unknown("customer " + customer);
            }
            var stored = value.isBlank() ? null : CustomerRules.stored(field, value);
            moveAside(tenant, row.id(), field, from, now);
            if (stored != null) {
                rows.addValue(tenant, row.id(), field, stored, from, vault.writing(tenant));
            }
        });
    }

    private void moveAside(UUID tenant, UUID customer, CustomField field, LocalDate until, Instant now) {
        record Held(
                UUID id,
                @Nullable String plain,
                @Nullable Sealed sealed,
                LocalDate since,
                @Nullable UUID origin) {}
        var held = jdbc.sql("""
                        delete from customer.field_value
                        where tenant_id = :tenant and customer_id = :customer and field_id = :field
                        returning id, plain, sealed, since, origin_id
                        """)
                .param("tenant", tenant)
                .param("customer", customer)
                .param("field", field.id())
                .query((row, _) -> new Held(
                        row.getObject("id", UUID.class),
                        row.getString("plain"),
                        Sealed.orNull(row.getBytes("sealed")),
                        row.getObject("since", LocalDate.class),
                        row.getObject("origin_id", UUID.class)))
                .optional()
                .orElse(null);
        if (held == null) {
            return;
        }
        if (until.isBefore(held.since())) {
            throw Refused.field("since", "customer.field.before", held.since());
        }
        var id = Ids.next();
        var sealed = held.sealed();
        jdbc.sql("""
                        insert into customer.field_past (tenant_id, id, customer_id, field_id, plain, sealed, since, until,
                            origin_id, recorded_at)
                        values (:tenant, :id, :customer, :field, :plain, :sealed, :since, :until, :origin, :now)
                        """)
                .param("tenant", tenant)
                .param("id", id)
                .param("customer", customer)
                .param("field", field.id())
                .param("plain", held.plain())
                .param(
                        "sealed",
                        sealed == null
                                ? null
                                : vault.writing(tenant)
                                        .seal(
                                                PAST,
                                                id,
                                                vault.processing(tenant, Processing.KEEPING)
                                                        .open(CustomerRows.FIELD, held.id(), sealed)
                                                        .inTheClear())
                                        .bytes(),
                        Types.BINARY)
                .param("since", held.since())
                .param("until", until)
                .param("origin", held.origin(), Types.OTHER)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
    }

    @Configuration(proxyBeanMethods = false)
    static class Tables {

        @Bean
        SealedTable fieldPastTable() {
            return new SealedTable("customer.field_past", "id", List.of(PAST));
        }
    }
}
