package io.retainer.customer;

import io.retainer.customer.CustomerRows.Identified;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.SignedLinks;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import io.retainer.vault.Vault;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/**
 * A form on which people sign up themselves: open by a signed link, without signing in; it takes no answer without their
 * consent and keeps the words they agreed to (PIPL 14, 17). Machines are kept out by a field nobody sees, a shortest time
 * and a most an hour.
 */
@Service
public class SignUps {

    private static final String PURPOSE = "customer-sign-up";
    private static final Duration SHORTEST = Duration.ofSeconds(3);
    private static final int MOST_AN_HOUR = 10;
    private static final int MOST_ADDRESSES = 10_000;

    private final JdbcClient jdbc;
    private final CustomerRows rows;
    private final Consents consents;
    private final Origins origins;
    private final SignedLinks links;
    private final Vault vault;
    private final Tenancy tenancy;
    private final Clock clock;
    private final Map<String, Deque<Instant>> recent = new HashMap<>();

    SignUps(
            JdbcClient jdbc,
            CustomerRows rows,
            Consents consents,
            Origins origins,
            SignedLinks links,
            Vault vault,
            Tenancy tenancy,
            Clock clock) {
        this.jdbc = jdbc;
        this.rows = rows;
        this.consents = consents;
        this.origins = origins;
        this.links = links;
        this.vault = vault;
        this.tenancy = tenancy;
        this.clock = clock;
    }

    /**
     * The form of a contract.
     *
     * @param who for whom the data is taken
     * @param taken how many have signed up
     * @param token the secret part of its address
     */
    public record Form(UUID tenant, UUID id, UUID contract, String who, long taken, Instant createdAt, String token) {}

    /**
     * What somebody filled in, in the clear.
     *
     * @param trap a field people do not see
     * @param took how long it took, or null when nobody knows
     * @param agreedTo the words the person agreed to, or null when it did not
     * @param wantsNews the words about news, or null when these are not wanted
     */
    public record Filled(
            String name,
            String phone,
            String email,
            String trap,
            @Nullable Duration took,
            @Nullable String agreedTo,
            @Nullable String wantsNews) {

        /** Shows nothing of the person. */
        @Override
        public String toString() {
            return "Filled";
        }
    }

    /** The open form of the contract, if there is one. */
    public Optional<Form> of(Access access) {
        access.require(Capability.READ_CUSTOMERS);
        var tenant = access.tenant();
        return tenancy.read(
                tenant,
                () -> forms(tenant, "contract_id = :id", access.contract()).stream()
                        .findFirst());
    }

    /**
     * Opens a form.
     *
     * @throws Refused when one is open already, or nobody is named
     */
    public Form open(Access access, String who) {
        access.require(Capability.EDIT_CUSTOMERS);
        var tenant = access.tenant();
        if (who.isBlank() || who.strip().length() > 100) {
            throw Refused.field("who", "customer.signUp.who.bad");
        }
        return tenancy.write(tenant, () -> {
            if (of(access).isPresent()) {
                throw Refused.because("customer.signUp.open.already");
            }
            var link = links.issue(tenant, PURPOSE, subject(access.contract()), null, false);
            jdbc.sql("""
                            insert into customer.sign_up (tenant_id, id, contract_id, who, created_by, created_at)
                            values (:tenant, :id, :contract, :who, :person, :now)
                            """)
                    .param("tenant", tenant)
                    .param("id", link.id())
                    .param("contract", access.contract())
                    .param("who", who.strip())
                    .param("person", access.person())
                    .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                    .update();
            return of(access).orElseThrow();
        });
    }

    /** Closes it; its address is dead at once. */
    public void close(Access access) {
        access.require(Capability.EDIT_CUSTOMERS);
        var tenant = access.tenant();
        tenancy.write(tenant, () -> {
            links.revoke(tenant, PURPOSE, subject(access.contract()));
            jdbc.sql("""
                            update customer.sign_up set closed_at = :now
                            where tenant_id = :tenant and contract_id = :contract and closed_at is null
                            """)
                    .param("tenant", tenant)
                    .param("contract", access.contract())
                    .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                    .update();
        });
    }

    /**
     * The form behind a link.
     *
     * @throws Unknown when it is forged or closed
     */
    public Form behind(String token, String from) {
        var link = links.open(token, PURPOSE, from);
        return tenancy.read(
                link.tenant(),
                () -> forms(link.tenant(), "id = :id", link.id()).stream()
                        .findFirst()
                        .orElseThrow(() -> new Unknown("sign-up form")));
    }

    /**
     * Takes what somebody filled in.
     *
     * @param form from {@link #behind}
     * @param from the network address it comes from
     * @return whether a customer was made; a machine is not told that none was
     * @throws Refused when consent is missing, a value cannot be taken, or there were too many from this address
     */
    public boolean signUp(Form form, String from, Filled filled) {
        if (!filled.trap().isBlank()) {
            return false;
        }
        var took = filled.took();
        if (took == null || took.compareTo(SHORTEST) < 0) {
            throw Refused.because("customer.signUp.fast");
        }
        var agreedTo = filled.agreedTo();
        if (agreedTo == null) {
            throw Refused.field("agree", "customer.signUp.agree.missing");
        }
        if (filled.phone().isBlank() && filled.email().isBlank()) {
            throw Refused.field("phone", "customer.signUp.contact.missing");
        }
        var customer = checked(filled);
        requireNotTooOften(from);
        var tenant = form.tenant();
        tenancy.write(tenant, () -> {
            var id = Ids.next();
            var sealed = SealedCustomers.of(
                    List.of(new Identified(id, customer)), Map.of(), vault.writing(tenant), rows.types());
            rows.add(
                    tenant,
                    sealed,
                    null,
                    form.who(),
                    origins.keep(tenant, new Origin(form.who(), null, LawfulBasis.CONSENT, DataPurpose.SERVICE, null)),
                    clock.instant());
            consents.byForm(tenant, form.contract(), id, DataPurpose.SERVICE, agreedTo);
            var news = filled.wantsNews();
            if (news != null) {
                consents.byForm(tenant, form.contract(), id, DataPurpose.MARKETING, news);
            }
            jdbc.sql("update customer.sign_up set taken = taken + 1 where tenant_id = :tenant and id = :id")
                    .param("tenant", tenant)
                    .param("id", form.id())
                    .update();
        });
        return true;
    }

    private static NewCustomer checked(Filled filled) {
        var contacts = new ArrayList<NewCustomer.Contact>();
        if (!filled.phone().isBlank()) {
            contacts.add(new NewCustomer.Contact(ContactKind.PHONE, filled.phone(), null));
        }
        if (!filled.email().isBlank()) {
            contacts.add(new NewCustomer.Contact(ContactKind.EMAIL, filled.email(), null));
        }
        var given = new NewCustomer(CustomerKind.PERSON, filled.name(), null, null, contacts, List.of(), Map.of());
        return switch (CustomerRules.check(given, Map.of())) {
            case CustomerRules.Fine(var fine) -> fine;
            case CustomerRules.Bad(var field, var why) -> throw new Refused(field, why);
        };
    }

    /** Of this node; a crowd behind one address waits, a machine gives up. */
    private void requireNotTooOften(String from) {
        var now = clock.instant();
        synchronized (recent) {
            if (recent.size() > MOST_ADDRESSES) {
                recent.clear();
            }
            var times = recent.computeIfAbsent(from, _ -> new ArrayDeque<>());
            while (!times.isEmpty() && times.getFirst().isBefore(now.minusSeconds(3600))) {
                times.removeFirst();
            }
            if (times.size() >= MOST_AN_HOUR) {
                throw Refused.because("customer.signUp.often");
            }
            times.addLast(now);
        }
    }

    private List<Form> forms(UUID tenant, String which, UUID id) {
        return jdbc.sql("select id, contract_id, who, taken, created_at from customer.sign_up"
                        + " where tenant_id = :tenant and closed_at is null and " + which)
                .param("tenant", tenant)
                .param("id", id)
                .query((row, _) -> {
                    var form = row.getObject("id", UUID.class);
                    return new Form(
                            tenant,
                            form,
                            row.getObject("contract_id", UUID.class),
                            row.getString("who"),
                            row.getLong("taken"),
                            row.getTimestamp("created_at").toInstant(),
                            links.token(new SignedLinks.Link(tenant, form, PURPOSE, "")));
                })
                .list();
    }

    private static String subject(UUID contract) {
        return "contract/" + contract;
    }
}
