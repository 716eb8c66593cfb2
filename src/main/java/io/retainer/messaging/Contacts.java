package io.retainer.messaging;

import io.retainer.kernel.Ids;
import io.retainer.kernel.Refused;
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
import java.util.UUID;
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

    /** The customer does not want to be addressed on this channel any more. */
    public void optOut(UUID tenant, UUID customer, Channel channel) {
        tenancy.write(tenant, () -> rows.suppress(tenant, customer, channel, Suppression.OPTED_OUT, clock.instant()));
    }

    /** The customer wants to be addressed again. */
    public void optIn(UUID tenant, UUID customer, Channel channel) {
        tenancy.write(tenant, () -> rows.release(tenant, customer, channel));
    }

    /** Whether the customer can never be addressed on this channel as things stand: the address is dead, or it was refused. */
    public boolean closed(UUID tenant, UUID customer, Purpose purpose, Channel channel) {
        var suppressed = tenancy.read(tenant, () -> rows.suppression(tenant, customer, channel));
        return switch (purpose.ground()) {
            case STAFF, STATUTORY_NOTICE, CONTRACT_NOTICE -> suppressed == Suppression.BOUNCED;
            case PERFORMANCE -> suppressed == Suppression.BOUNCED || suppressed == Suppression.REPORTED;
            case CONSENT -> suppressed != null;
        };
    }

    /** Decides, and notes the contact when it may go ahead. Inside a transaction of the tenant. */
    Verdict claim(UUID tenant, UUID id, UUID customer, Purpose purpose, Channel channel, Instant now) {
        rows.alone(tenant, customer);
        var budget = rows.budget(tenant).budget();
        var consent = consents.getIfAvailable();
        var wish = new Wish(
                purpose,
                channel,
                rows.suppression(tenant, customer, channel),
                consent != null && consent.given(tenant, customer, purpose, channel));
        var verdict = budget.decide(wish, rows.contacts(tenant, customer, now.minus(LOOK_BACK)), now);
        if (verdict instanceof Go) {
            rows.add(tenant, id, customer, purpose, channel, now);
        }
        return verdict;
    }

    private static io.retainer.kernel.Sentence reason(String code) {
        return io.retainer.kernel.Sentence.of("messaging.reason." + code);
    }
}
