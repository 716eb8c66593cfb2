package io.retainer.contract;

import io.retainer.identity.OneTimeCodes;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.messaging.Channel;
import io.retainer.messaging.Messages;
import io.retainer.messaging.NewMessage;
import io.retainer.messaging.Recipient;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The one-time code by which somebody without an account confirms a signature, sent to where the link went. */
@Component
class SigningCodes {

    private final OneTimeCodes codes;
    private final SigningContacts contacts;
    private final Messages messages;
    private final Tenancy tenancy;
    private final Clock clock;

    SigningCodes(OneTimeCodes codes, SigningContacts contacts, Messages messages, Tenancy tenancy, Clock clock) {
        this.codes = codes;
        this.contacts = contacts;
        this.messages = messages;
        this.tenancy = tenancy;
        this.clock = clock;
    }

    /**
     * Sends one; five an hour at most.
     *
     * @param purpose of the link: a code for one purpose confirms nothing else
     */
    void send(SigningContact contact, String purpose, Contract contract) {
        tenancy.write(contact.tenant(), () -> {
            var code = codes.issue(contact.tenant(), purpose, contact.subject());
            contacts.code(contact, code);
            messages.queue(new NewMessage(
                    contact.tenant(),
                    "messaging.code",
                    Channel.EMAIL,
                    new Recipient(Recipient.Kind.PARTY_CONTACT, contact.id()),
                    contact.contract(),
                    "signing-code/" + code,
                    contact.language(),
                    Map.of(
                            "code",
                            code,
                            "minutes",
                            OneTimeCodes.GOOD_FOR.toMinutes(),
                            "what",
                            ContractController.title(contract.title())),
                    clock.instant().truncatedTo(ChronoUnit.MICROS).plus(OneTimeCodes.GOOD_FOR)));
        });
    }

    /** @throws Refused when none was sent, or another */
    void check(SigningContact contact, String purpose, String typed) {
        var code = contact.code();
        if (code == null) {
            throw Refused.field("code", "contract.link.refused.noCode");
        }
        codes.check(contact.tenant(), code, purpose, contact.subject(), typed);
    }
}
