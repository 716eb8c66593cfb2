package io.retainer.relationship;

import io.retainer.customer.DataPurpose;
import io.retainer.messaging.Channel;
import io.retainer.messaging.Consents;
import io.retainer.messaging.Purpose;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Answers messaging's question with what the customer agreed to. */
@Component
class CustomerConsents implements Consents {

    private final io.retainer.customer.Consents consents;

    CustomerConsents(io.retainer.customer.Consents consents) {
        this.consents = consents;
    }

    @Override
    public boolean given(UUID tenant, UUID customer, Purpose purpose, Channel channel) {
        return consents.allows(tenant, customer, data(purpose), channel(channel));
    }

    /** What the data must have been given for. */
    static DataPurpose data(Purpose purpose) {
        return switch (purpose) {
            case SURVEY -> DataPurpose.SURVEY;
            case CAMPAIGN -> DataPurpose.MARKETING;
            case RECOMMENDATION -> DataPurpose.RECOMMENDATION;
            case STAFF, SECURITY, CONTRACT_NOTICE, STATUTORY_NOTICE, COMPLAINT, RETURN_VISIT, WORK_ORDER ->
                DataPurpose.SERVICE;
        };
    }

    private static io.retainer.customer.Channel channel(Channel channel) {
        return switch (channel) {
            case EMAIL -> io.retainer.customer.Channel.EMAIL;
            case SMS -> io.retainer.customer.Channel.SMS;
            case WECOM -> io.retainer.customer.Channel.WECHAT;
            case PHONE -> io.retainer.customer.Channel.PHONE;
            case IN_APP -> io.retainer.customer.Channel.ANY;
        };
    }
}
