package io.retainer.relationship;

import static io.retainer.identity.Capability.READ_CUSTOMERS;

import io.retainer.customer.CustomerPage;
import io.retainer.customer.Customers;
import io.retainer.identity.Access;
import io.retainer.identity.People;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Tenancy;
import io.retainer.relationship.TouchRows.Touch;
import java.time.Instant;
import java.time.YearMonth;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Every call and visit under a contract: who was in contact with whom, when, and whether it reached anybody. */
@Service
class ContactLog {

    static final int MOST_EXPORTED = 50_000;

    private final TouchRows rows;
    private final Customers customers;
    private final People people;
    private final Tenancy tenancy;

    ContactLog(TouchRows rows, Customers customers, People people, Tenancy tenancy) {
        this.rows = rows;
        this.customers = customers;
        this.people = people;
        this.tenancy = tenancy;
    }

    /** Which of them; null lists all. */
    record Filter(
            @Nullable TouchKind kind,
            @Nullable UUID agent,
            @Nullable Boolean reached,
            @Nullable YearMonth month) {

        static final Filter ALL = new Filter(null, null, null, null);

        @Nullable
        Instant from() {
            return month == null
                    ? null
                    : month.atDay(1).atStartOfDay(Relations.ZONE).toInstant();
        }

        @Nullable
        Instant to() {
            return month == null
                    ? null
                    : month.plusMonths(1).atDay(1).atStartOfDay(Relations.ZONE).toInstant();
        }
    }

    /**
     * @param customer masked; null when it is gone
     * @param against what stood against a call, or null
     */
    record Line(
            Touch touch,
            CustomerPage.@Nullable Line customer,
            String who,
            @Nullable CallGround ground,
            @Nullable Sentence against) {}

    /** What one person did. */
    record Sum(UUID person, int calls, int answered, int visits, int met, int against) {}

    /** @param name of the person */
    record Of(Sum sum, String name) {}

    /** @param next to pass as {@code before}; null on the last page */
    record Page(List<Line> lines, @Nullable UUID next, List<Of> sums) {}

    Page page(Access access, Filter filter, @Nullable UUID before, int most) {
        access.require(READ_CUSTOMERS);
        var tenant = access.tenant();
        var found = tenancy.read(tenant, () -> rows.log(tenant, access.contract(), filter, before, most + 1));
        var sums = tenancy.read(tenant, () -> rows.sums(tenant, access.contract(), filter));
        var names = people.names(sums.stream().map(Sum::person).collect(Collectors.toSet()));
        boolean more = found.size() > most;
        var shown = more ? found.subList(0, most) : found;
        return new Page(
                lines(access, shown),
                more ? shown.getLast().id() : null,
                sums.stream()
                        .map(sum -> new Of(sum, names.getOrDefault(sum.person(), "—")))
                        .toList());
    }

    /** All that fit, for a file. */
    List<Line> all(Access access, Filter filter) {
        access.require(READ_CUSTOMERS);
        return lines(
                access,
                tenancy.read(
                        access.tenant(),
                        () -> rows.log(access.tenant(), access.contract(), filter, null, MOST_EXPORTED)));
    }

    private List<Line> lines(Access access, List<Touch> found) {
        var known = customers.some(access, found.stream().map(Touch::customer).collect(Collectors.toSet())).stream()
                .collect(Collectors.toMap(CustomerPage.Line::id, Function.identity()));
        var acted = new HashSet<UUID>();
        found.stream().map(Touch::actor).filter(Objects::nonNull).forEach(acted::add);
        var names = people.names(acted);
        return found.stream()
                .map(touch -> new Line(
                        touch,
                        known.get(touch.customer()),
                        touch.actor() == null ? "—" : names.getOrDefault(touch.actor(), "—"),
                        touch.code() == null ? null : CallGround.valueOf(touch.code()),
                        touch.against() == null ? null : Sentence.of(touch.against())))
                .toList();
    }
}
