package io.retainer.liability;

import io.retainer.contract.TermKey;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.Sentence;
import java.util.List;

/**
 * Who bears how much, and who owes whom, line by line.
 *
 * @param net what the parties together bear
 * @param client part that stays with the client
 * @param provider part of the provider
 * @param third part of the third party
 * @param credits service credits, owed besides
 * @param owed what is to be paid
 * @param unagreed terms it rests on that both parties have not confirmed: while there is one, this is a preview
 */
public record Determination(
        List<Step> steps,
        Money net,
        Money client,
        Money provider,
        Money third,
        Money credits,
        List<Owed> owed,
        List<TermKey> unagreed) {

    public Determination {
        steps = List.copyOf(steps);
        owed = List.copyOf(owed);
        unagreed = List.copyOf(unagreed);
    }

    /** One line of the derivation. */
    public record Step(Sentence words, Money amount) {}

    /** Why something is owed. */
    public enum Kind {
        DAMAGES,
        /** The provider paid the client in full and takes from the third party what that one bears. */
        RECOURSE,
        SERVICE_CREDIT
    }

    public record Owed(Party debtor, Party creditor, Kind kind, Money amount) {}

    /** What both sign, as lines anybody can read and hash again. */
    List<String> canonical() {
        return java.util.stream.Stream.concat(
                        java.util.stream.Stream.of(
                                "net " + net.yuan().toPlainString(),
                                "borne by client " + client.yuan().toPlainString(),
                                "borne by provider " + provider.yuan().toPlainString(),
                                "borne by third party " + third.yuan().toPlainString()),
                        owed.stream()
                                .map(one -> "owed " + one.debtor() + " to " + one.creditor() + " " + one.kind() + " "
                                        + one.amount().yuan().toPlainString()))
                .toList();
    }
}
