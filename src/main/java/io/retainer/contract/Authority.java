package io.retainer.contract;

import io.retainer.kernel.Refused;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What proves that the signatory may bind the party.
 *
 * @param words such as the number of the power of attorney
 * @param paper the paper itself, or null
 */
public record Authority(
        AuthorityBasis basis, String words, @Nullable Paper paper) {

    static final int MOST_BYTES = 5 * 1024 * 1024;

    /** A paper as uploaded: a PDF or a picture. Not an array component, so that two papers are compared by their hash. */
    public static final class Paper {

        private final String media;
        private final byte[] bytes;

        private Paper(String media, byte[] bytes) {
            this.media = media;
            this.bytes = bytes;
        }

        /** @throws Refused when it is too large or neither PDF, PNG nor JPEG, by its first bytes */
        public static Paper of(byte[] bytes) {
            if (bytes.length == 0 || bytes.length > MOST_BYTES) {
                throw Refused.field("paper", "contract.signing.refused.paperSize", MOST_BYTES / 1024 / 1024);
            }
            return new Paper(media(bytes), bytes.clone());
        }

        /** @throws Refused as {@link #of}, or when it is no base64 */
        static Paper ofBase64(String text) {
            try {
                return of(java.util.Base64.getMimeDecoder().decode(text));
            } catch (IllegalArgumentException no) {
                throw Refused.field("paper", "contract.signing.refused.paperKind");
            }
        }

        private static String media(byte[] bytes) {
            if (starts(bytes, "%PDF-".getBytes(java.nio.charset.StandardCharsets.US_ASCII))) {
                return "application/pdf";
            }
            if (starts(bytes, new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'})) {
                return "image/png";
            }
            if (starts(bytes, new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF})) {
                return "image/jpeg";
            }
            throw Refused.field("paper", "contract.signing.refused.paperKind");
        }

        private static boolean starts(byte[] bytes, byte[] head) {
            return bytes.length >= head.length && java.util.Arrays.equals(bytes, 0, head.length, head, 0, head.length);
        }

        String media() {
            return media;
        }

        byte[] bytes() {
            return bytes.clone();
        }

        String hash() {
            return Hashes.of(bytes);
        }
    }

    /** In words alone, as of a power of attorney. */
    public static Authority words(String words) {
        return new Authority(AuthorityBasis.POWER_OF_ATTORNEY, words, null);
    }

    /** What the ledger names it by: the bytes of the paper, or the statement. */
    String hash(java.util.UUID contract) {
        return paper == null
                ? Hashes.of(contract, "authority/" + basis.name().toLowerCase(Locale.ROOT), words.strip())
                : paper.hash();
    }
}
