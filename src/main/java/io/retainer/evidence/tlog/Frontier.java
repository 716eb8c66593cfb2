package io.retainer.evidence.tlog;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The right edge of a growing tree: the roots of its complete subtrees, largest first. Enough to append and to know the
 * root, in memory that grows with the logarithm of the tree.
 */
public final class Frontier {

    private final @Nullable Hash[] peaks = new @Nullable Hash[Long.SIZE]; // by level; set where size has a bit
    private long size;

    public Frontier() {}

    /**
     * @param peaks as given by {@link #peaks()}
     * @throws MalformedLog when the number of peaks does not fit the size
     */
    public Frontier(long size, byte[] peaks) {
        if (size < 0 || peaks.length != Long.bitCount(size) * Hash.LENGTH) {
            throw new MalformedLog("the edge of a tree of " + size + " leaves cannot have " + peaks.length + " bytes");
        }
        this.size = size;
        int position = 0;
        for (int level = Long.SIZE - 1; level >= 0; level--) {
            if ((size >>> level & 1) == 1) {
                this.peaks[level] = Hash.in(peaks, position++);
            }
        }
    }

    public long size() {
        return size;
    }

    /** Adds the leaf with the index {@link #size()}. */
    public void append(Hash leaf) {
        var hash = leaf;
        int level = 0;
        for (var left = peaks[0]; left != null; left = peaks[level]) {
            hash = Hash.node(left, hash);
            peaks[level++] = null;
        }
        peaks[level] = hash;
        size++;
    }

    public Hash root() {
        @Nullable Hash root = null;
        for (var peak : peaks) {
            if (peak != null) {
                root = root == null ? peak : Hash.node(peak, root);
            }
        }
        return root == null ? Hash.EMPTY_TREE : root;
    }

    /** The peaks end to end, largest subtree first. */
    public byte[] peaks() {
        var all = new byte[Long.bitCount(size) * Hash.LENGTH];
        int position = all.length;
        for (var peak : peaks) {
            if (peak != null) {
                position -= Hash.LENGTH;
                System.arraycopy(peak.bytes(), 0, all, position, Hash.LENGTH);
            }
        }
        return all;
    }

    @Override
    public String toString() {
        return size + " leaves, " + Arrays.stream(peaks).filter(p -> p != null).count() + " peaks";
    }
}
