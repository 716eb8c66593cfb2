package io.retainer.evidence.tlog;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * RFC 6962 section 2.1 transcribed definition by definition: recursive, on lists, with the verification done by
 * recomputing both sides. Shares nothing with the code it checks.
 */
final class Rfc6962 {

    private record Range(int from, int to) {}

    private final List<byte[]> entries;
    private final Map<Range, byte[]> known = new HashMap<>();

    Rfc6962(List<byte[]> entries) {
        this.entries = entries;
    }

    /** MTH({}) = SHA-256(); MTH({d(0)}) = SHA-256(0x00 || d(0)); MTH(D[n]) = SHA-256(0x01 || MTH(D[0:k]) || MTH(D[k:n])). */
    byte[] mth(int from, int to) {
        if (to - from <= 1) {
            return to == from ? sha256() : sha256(new byte[] {0}, entries.get(from));
        }
        var range = new Range(from, to);
        var hash = known.get(range);
        if (hash == null) {
            int k = from + k(to - from);
            hash = sha256(new byte[] {1}, mth(from, k), mth(k, to));
            known.put(range, hash);
        }
        return hash;
    }

    /** PATH(m, D[n]). */
    List<byte[]> path(int m, int n) {
        return path(m, 0, n);
    }

    private List<byte[]> path(int m, int from, int to) {
        int n = to - from;
        if (n == 1) {
            return List.of();
        }
        int k = k(n);
        return m < k
                ? with(path(m, from, from + k), mth(from + k, to))
                : with(path(m - k, from + k, to), mth(from, from + k));
    }

    /** PROOF(m, D[n]) = SUBPROOF(m, D[n], true). */
    List<byte[]> proof(int m, int n) {
        return subproof(m, 0, n, true);
    }

    private List<byte[]> subproof(int m, int from, int to, boolean whole) {
        int n = to - from;
        if (m == n) {
            return whole ? List.of() : List.of(mth(from, to));
        }
        int k = k(n);
        return m <= k
                ? with(subproof(m, from, from + k, whole), mth(from + k, to))
                : with(subproof(m - k, from + k, to, false), mth(from, from + k));
    }

    private static List<byte[]> with(List<byte[]> list, byte[] last) {
        var longer = new ArrayList<>(list);
        longer.add(last);
        return longer;
    }

    /** The largest power of two smaller than n. */
    private static int k(int n) {
        int k = 1;
        while (k * 2 < n) {
            k *= 2;
        }
        return k;
    }

    static byte[] sha256(byte[]... parts) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (var part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
