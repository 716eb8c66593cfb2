package io.retainer.contract;

import io.retainer.contract.Notice.Channel;
import io.retainer.contract.Notice.Kind;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Fact;
import io.retainer.kernel.Party;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What happens to a notice. Its words stay with its row; the facts carry their hash. */
sealed interface NoticeEvent extends Fact {

    UUID notice();

    @Override
    default String subject() {
        return "notice/" + notice();
    }

    record Sent(
            UUID tenant,
            UUID contract,
            UUID notice,
            Kind what,
            Party sender,
            Clause clause,
            String about,
            Channel channel,
            String hash,
            Instant happenedAt,
            @Nullable UUID actor)
            implements NoticeEvent {

        @Override
        public String kind() {
            return "contract.NoticeSent";
        }
    }

    /**
     * @param happenedAt when the delivery took place
     * @param arrivesAt when the notice counts as arrived
     */
    record Delivered(
            UUID tenant,
            UUID contract,
            UUID notice,
            Clause clause,
            Instant arrivesAt,
            String proof,
            Instant happenedAt,
            @Nullable UUID actor)
            implements NoticeEvent {

        @Override
        public String kind() {
            return "contract.NoticeDelivered";
        }
    }
}
