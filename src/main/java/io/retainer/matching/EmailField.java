package io.retainer.matching;

import io.retainer.matching.Records.Column;
import java.util.List;
import java.util.function.UnaryOperator;

/** E-mail addresses: slips, and the same local part at another host. */
final class EmailField extends Field {

    private static final int TELLING = 4;

    EmailField(Column column) {
        super(
                column,
                raw -> Email.parse(raw)
                        .map(Email::toString)
                        .orElseGet(() -> NormalText.folded(raw).strip()));
    }

    @Override
    Grade compare(int a, int b) {
        var one = text(a);
        var other = text(b);
        if (Similarity.within(2, one, other)) {
            return Grade.NEARLY;
        }
        var localOne = local(one);
        var localOther = local(other);
        int shorter = Math.min(localOne.length(), localOther.length());
        if (shorter >= TELLING && localOne.equals(localOther)) {
            return Grade.CLOSE;
        }
        double locals = Similarity.jaroWinkler(localOne, localOther);
        double hosts = Similarity.jaroWinkler(host(one), host(other));
        if (locals >= 0.85 && hosts >= 0.85) {
            return Grade.CLOSE;
        }
        return locals >= 0.9 ? Grade.SIMILAR : Grade.DIFFERENT;
    }

    private static String local(String address) {
        int at = address.indexOf('@');
        return at < 0 ? address : address.substring(0, at);
    }

    private static String host(String address) {
        return address.substring(address.indexOf('@') + 1);
    }

    @Override
    List<UnaryOperator<String>> blurs() {
        return List.of(UnaryOperator.identity(), EmailField::local, address -> head(address, 3), EmailField::host);
    }
}
