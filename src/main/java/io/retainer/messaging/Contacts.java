package io.retainer.messaging;

import io.retainer.kernel.Ids;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Tenancy;
import io.retainer.messaging.ContactBudget.Go;
import io.retainer.messaging.ContactBudget.Never;
import io.retainer.messaging.ContactBudget.Suppression;
import io.retainer.messaging.ContactBudget.Verdict;
import io.retainer.messaging.ContactBudget.Wait;
import io.retainer.messaging.ContactBudget.Wish;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Service;

/** The one contact budget of each customer, over messages and calls of all services. */
@Service
public class Contacts {

    private static final Duration LOOK_BACK = Duration.ofDays(31);

    private final MessageRows rows;
    private final Tenancy tenancy;
    private final ObjectProvider<Consents> consents;
    private final Clock clock;

    Contacts(MessageRows rows, Tenancy tenancy, ObjectProvider<Consents> consents, Clock clock) {
        this.rows = rows;
        this.tenancy = tenancy;
        this.consents = consents;
        this.clock = clock;
    }

    /**
     * Notes a call to a customer, unless the budget holds it back; ask before dialling. Two agents at once: one is told no.
     *
     * @throws Refused saying until when to wait, or why never
     */
    public void call(UUID tenant, UUID customer, Purpose purpose) {
        var now = clock.instant();
        tenancy.write(tenant, () -> {
            switch (claim(tenant, Ids.at(now.toEpochMilli()), customer, purpose, Channel.PHONE, now)) {
                case Go() -> {}
                case Wait(var until, var reason) ->
                    throw Refused.because("messaging.refused.wait", until, reason(reason));
                case Never(var reason) -> throw Refused.because("messaging.refused.never", reason(reason));
            }
        });
    }

    /**
     * Notes a call that was made already, at the time it was made: what happened is written down, whether it should have or not,
     * and counts.
     *
     * @return what stood against it then, or null
     */
    public @Nullable Sentence called(UUID tenant, UUID customer, Purpose purpose, Instant at) {
        return tenancy.write(tenant, () -> {
            rows.alone(tenant, customer);
            var before = rows.contacts(tenant, customer, at.minus(LOOK_BACK), null).stream()
                    .filter(contact -> !contact.at().isAfter(at))
                    .toList();
            var verdict = verdict(
                    tenant,
                    customer,
                    purpose,
                    Channel.PHONE,
                    rows.budget(tenant).budget(),
                    before,
                    at);
            rows.add(tenant, Ids.at(clock.instant().toEpochMilli()), customer, purpose, Channel.PHONE, at);
            return switch (verdict) {
                case Go() -> null;
                case Wait(var _, var reason) -> reason(reason);
                case Never(var reason) -> reason(reason);
            };
        });
    }

    /** The customer does not want to be addressed on this channel any more. */
    public void optOut(UUID tenant, UUID customer, Channel channel) {
        tenancy.write(tenant, () -> rows.suppress(tenant, customer, channel, Suppression.OPTED_OUT, clock.instant()));
    }

    /** The customer wants to be addressed again. */
    public void optIn(UUID tenant, UUID customer, Channel channel) {
        tenancy.write(tenant, () -> rows.release(tenant, customer, channel));
    }

    /**
     * How the one budget of a customer stands, over all services: for pages, and for whoever plans a survey or a campaign and
     * wants to know whom it would reach. Nothing is noted.
     *
     * @param week contacts in the last 7 days, of {@code perWeek}
     * @param month contacts in the last 30 days, of {@code perMonth}
     * @param free the channels that are free now for the purpose
     * @param held why the others are not, and until when as far as it is known
     */
    public record Outlook(
            int week, int perWeek, int month, int perMonth, List<Channel> free, Map<Channel, Sentence> held) {

        public Outlook {
            free = List.copyOf(free);
            held = Collections.unmodifiableMap(new EnumMap<>(held));
        }
    }

    /** @param purpose for which it is asked; decides the ground, and with it the limits */
    public Outlook outlook(UUID tenant, UUID customer, Purpose purpose, Instant now) {
        return tenancy.read(tenant, () -> {
            var budget = rows.budget(tenant).budget();
            var history = rows.contacts(tenant, customer, now.minus(LOOK_BACK), null);
            var free = new ArrayList<Channel>();
            var held = new EnumMap<Channel, Sentence>(Channel.class);
            for (var channel : List.of(Channel.PHONE, Channel.EMAIL, Channel.SMS, Channel.WECOM)) {
                switch (verdict(tenant, customer, purpose, channel, budget, history, now)) {
                    case Go() -> free.add(channel);
                    case Wait(var until, var reason) ->
                        held.put(channel, Sentence.of("messaging.outlook.wait", until, reason(reason)));
                    case Never(var reason) -> held.put(channel, reason(reason));
                }
            }
            return new Outlook(
                    within(history, now, 7), budget.perWeek(), within(history, now, 30), budget.perMonth(), free, held);
        });
    }

    private static int within(List<ContactBudget.Contact> history, Instant now, int days) {
        return (int) history.stream()
                .filter(contact -> contact.at().isAfter(now.minus(Duration.ofDays(days))))
                .count();
    }

    private Verdict verdict(
            UUID tenant,
            UUID customer,
            Purpose purpose,
            Channel channel,
            ContactBudget budget,
            List<ContactBudget.Contact> history,
            Instant now) {
        var consent = consents.getIfAvailable();
        return budget.decide(
                new Wish(
                        purpose,
                        channel,
                        rows.suppression(tenant, customer, channel),
                        consent != null && consent.given(tenant, customer, purpose, channel)),
                history,
                now);
    }

    /** Whether the customer can never be addressed on this channel as things stand: the address is dead, or it was refused. */
    public boolean closed(UUID tenant, UUID customer, Purpose purpose, Channel channel) {
        return closed(purpose, tenancy.read(tenant, () -> rows.suppression(tenant, customer, channel)));
    }

    /** As {@link #closed}, for whoever is no customer and so known by this one id. */
    public boolean closedToUnlinked(UUID tenant, UUID recipient, Purpose purpose, Channel channel) {
        return closed(purpose, tenancy.read(tenant, () -> rows.suppression(tenant, List.of(recipient), channel)));
    }

    private static boolean closed(Purpose purpose, @Nullable Suppression suppressed) {
        return switch (purpose.ground()) {
            case STAFF, STATUTORY_NOTICE, CONTRACT_NOTICE -> suppressed == Suppression.BOUNCED;
            case PERFORMANCE -> suppressed == Suppression.BOUNCED || suppressed == Suppression.REPORTED;
            case CONSENT -> suppressed != null;
        };
    }

    /** Decides, and notes the contact when it may go ahead. Inside a transaction of the tenant. */
    Verdict claim(UUID tenant, UUID id, UUID customer, Purpose purpose, Channel channel, Instant now) {
        rows.alone(tenant, customer);
        var verdict = verdict(
                tenant,
                customer,
                purpose,
                channel,
                rows.budget(tenant).budget(),
                rows.contacts(tenant, customer, now.minus(LOOK_BACK), id),
                now);
        if (verdict instanceof Go) {
            rows.add(tenant, id, customer, purpose, channel, now);
        }
        return verdict;
    }

    private static Sentence reason(String code) {
        return Sentence.of("messaging.reason." + code);
    }
}
