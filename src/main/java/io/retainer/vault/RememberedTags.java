package io.retainer.vault;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Mac;

/** Blind indexes for one thread at a time: keyed once, and those of parts and ends, which repeat, computed once. */
final class RememberedTags {

    private static final int MOST = 50_000;

    private final ClientKeys keys;
    private final Map<BlindIndex, OfIndex> indexes = new HashMap<>();

    RememberedTags(ClientKeys keys) {
        this.keys = keys;
    }

    private record OfIndex(Mac mac, Map<String, Long> known) {}

    long index(BlindIndex index, String comparable) {
        var one = indexes.get(index);
        if (one == null) {
            one = new OfIndex(keys.own(index), new HashMap<>());
            indexes.put(index, one);
        }
        if (index.form() == BlindIndex.Form.WHOLE) {
            return tag(index, one, comparable);
        }
        var known = one.known().get(comparable);
        if (known == null) {
            if (one.known().size() == MOST) {
                one.known().clear();
            }
            known = tag(index, one, comparable);
            one.known().put(comparable, known);
        }
        return known;
    }

    private static long tag(BlindIndex index, OfIndex one, String comparable) {
        return index.truncated(one.mac().doFinal(comparable.getBytes(StandardCharsets.UTF_8)));
    }
}
