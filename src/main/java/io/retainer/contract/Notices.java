package io.retainer.contract;

import io.retainer.contract.Notice.Channel;
import io.retainer.contract.Notice.Kind;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;

/** The notices the parties send each other, and what proves that they arrived. */
@Service
public class Notices {

    static final int LONGEST_WORDS = 2000;

    private final LifeRows rows;
    private final Tenancy tenancy;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    Notices(LifeRows rows, Tenancy tenancy, ApplicationEventPublisher events, Clock clock) {
        this.rows = rows;
        this.tenancy = tenancy;
        this.events = events;
        this.clock = clock;
    }

    /**
     * Sends a notice in the name of the person's party. Through the platform it arrives at once; over another channel it
     * waits for its proof.
     *
     * @param sentAt when it was sent; in the past when it is recorded later
     */
    public Notice send(
            Access access,
            Kind kind,
            Clause clause,
            String about,
            Channel channel,
            @Nullable String words,
            Instant sentAt) {
        return tenancy.write(access.tenant(), () -> {
            var now = now();
            var sent = sentAt.truncatedTo(ChronoUnit.MICROS);
            if (sent.isAfter(now)) {
                throw Refused.field("sentAt", "contract.notice.future", sent);
            }
            var id = Ids.at(now.toEpochMilli());
            var kept = words(words);
            var hash =
                    Hashes.of(Notice.content(id, access.contract(), kind, access.party(), clause, about, kept, sent));
            boolean atOnce = channel == Channel.PLATFORM;
            var notice = new Notice(
                    id,
                    access.tenant(),
                    access.contract(),
                    kind,
                    access.party(),
                    clause,
                    about,
                    channel,
                    kept,
                    hash,
                    sent,
                    access.person(),
                    atOnce ? sent : null,
                    atOnce ? hash : null);
            rows.add(notice);
            events.publishEvent(new NoticeEvent.Sent(
                    access.tenant(),
                    access.contract(),
                    id,
                    kind,
                    access.party(),
                    clause,
                    about,
                    channel,
                    hash,
                    sent,
                    access.person()));
            if (atOnce) {
                publishDelivered(notice, sent, access.person());
            }
            return notice;
        });
    }

    /** Records the proof that a notice was delivered. Only its sender can. */
    Notice deliver(Access access, UUID id, Instant at, String proof, int paperDays) {
        return tenancy.write(access.tenant(), () -> {
            var notice = get(access.tenant(), access.contract(), id);
            if (notice.sender() != access.party()) {
                throw Refused.because("contract.notice.senderOnly", notice.sender());
            }
            var delivered = notice.delivered(at.truncatedTo(ChronoUnit.MICROS), proof, paperDays, now());
            rows.update(delivered);
            publishDelivered(delivered, at.truncatedTo(ChronoUnit.MICROS), access.person());
            return delivered;
        });
    }

    private void publishDelivered(Notice notice, Instant at, UUID person) {
        var arrives = notice.arrivesAt();
        var proof = notice.proof();
        if (arrives == null || proof == null) {
            throw new IllegalStateException("Delivered without a proof: " + notice.id());
        }
        events.publishEvent(new NoticeEvent.Delivered(
                notice.tenant(), notice.contract(), notice.id(), notice.clause(), arrives, proof, at, person));
    }

    Notice get(UUID tenant, UUID contract, UUID id) {
        return rows.notice(tenant, contract, id).orElseThrow(() -> new Unknown("notice " + id));
    }

    /** The newest first. */
    public List<Notice> ofContract(Access access) {
        access.require(Capability.READ_CONTRACT);
        return tenancy.read(access.tenant(), () -> rows.notices(access.tenant(), access.contract()));
    }

    static @Nullable String words(@Nullable String words) {
        if (words == null || words.isBlank()) {
            return null;
        }
        if (words.strip().length() > LONGEST_WORDS) {
            throw Refused.field("words", "contract.refused.words", LONGEST_WORDS);
        }
        return words.strip();
    }

    static String required(String field, @Nullable String words) {
        var kept = words(words);
        if (kept == null) {
            throw Refused.field(field, "contract.refused.words", LONGEST_WORDS);
        }
        return kept;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
