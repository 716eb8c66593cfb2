package io.retainer.vault;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/**
 * Blind indexes for one thread at a time: keyed once, and those of parts and ends, which repeat, computed once. What is
 * remembered is kept as bare numbers, because following references costs as much as computing the tag.
 */
final class RememberedTags {

    private final ClientKeys keys;
    private final Map<BlindIndex, OfIndex> indexes = new HashMap<>();
    private @Nullable OfIndex last;

    RememberedTags(ClientKeys keys) {
        this.keys = keys;
    }

    @SuppressWarnings("ReferenceEquality") // only spares the look-up when the very same comes again
    long index(BlindIndex index, String comparable) {
        var one = last;
        if (one == null || one.index != index) {
            one = indexes.get(index);
            if (one == null) {
                one = new OfIndex(index, keys.own(index));
                indexes.put(index, one);
            }
            last = one;
        }
        return one.tag(comparable);
    }

    private static final class OfIndex {

        private static final int FIRST_SIZE = 1 << 10;
        private static final int LARGEST_SIZE = 1 << 17;

        private final BlindIndex index;
        private final Mac mac;
        /** Texts of up to four characters as a number each, and what their tags are; open addressing, 0 is free. */
        private long[] texts = new long[FIRST_SIZE];

        private long[] tags = new long[FIRST_SIZE];
        private int count;

        OfIndex(BlindIndex index, Mac mac) {
            this.index = index;
            this.mac = mac;
        }

        long tag(String comparable) {
            long text = index.form() == BlindIndex.Form.WHOLE ? 0 : number(comparable);
            if (text == 0) {
                return computed(comparable);
            }
            int at = place(text);
            if (texts[at] == 0) {
                long tag = computed(comparable);
                if (++count > texts.length / 2) {
                    grow();
                    at = place(text);
                }
                texts[at] = text;
                tags[at] = tag;
            }
            return tags[at];
        }

        private long computed(String comparable) {
            return index.truncated(mac.doFinal(comparable.getBytes(StandardCharsets.UTF_8)));
        }

        private int place(long text) {
            int at = (int) ((text * 0x9E3779B97F4A7C15L) >>> 40) & (texts.length - 1);
            while (texts[at] != 0 && texts[at] != text) {
                at = (at + 1) & (texts.length - 1);
            }
            return at;
        }

        private void grow() {
            var oldTexts = texts;
            var oldTags = tags;
            if (texts.length == LARGEST_SIZE) {
                Arrays.fill(texts, 0);
                count = 1;
                return;
            }
            texts = new long[2 * oldTexts.length];
            tags = new long[texts.length];
            for (int i = 0; i < oldTexts.length; i++) {
                if (oldTexts[i] != 0) {
                    int at = place(oldTexts[i]);
                    texts[at] = oldTexts[i];
                    tags[at] = oldTags[i];
                }
            }
        }

        /**
         * Up to four characters, or up to nine of the letters a to z, which are pinyin: no two of these have the same number.
         *
         * @return 0 when it is longer
         */
        private static long number(String text) {
            int length = text.length();
            long number = 0;
            if (length <= 4) {
                for (int i = 0; i < length; i++) {
                    char c = text.charAt(i);
                    if (c == 0 || c > 0xFFF0) {
                        return 0;
                    }
                    number = (number << 16) | c;
                }
                return number;
            }
            if (length > 9) {
                return 0;
            }
            // With 0xFFFF in front, which no four characters have.
            for (int i = 0; i < length; i++) {
                char c = text.charAt(i);
                if (c < 'a' || c > 'z') {
                    return 0;
                }
                number = number * 27 + (c - 'a' + 1);
            }
            return (0xFFFFL << 48) | number;
        }
    }
}
