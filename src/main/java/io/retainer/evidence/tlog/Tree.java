package io.retainer.evidence.tlog;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Roots and proofs of an RFC 6962 tree whose complete subtrees can be looked up. Proofs are those of RFC 6962 §2.1,
 * unchanged; home-made proofs are how other ledgers were forged.
 */
public final class Tree {

    /** Where the complete subtrees are kept: each is the root of {@code 2^level} leaves from {@code index * 2^level} on. */
    @FunctionalInterface
    public interface Subtrees {

        Hash at(int level, long index);
    }

    private final Subtrees subtrees;

    public Tree(Subtrees subtrees) {
        this.subtrees = subtrees;
    }

    public Hash root(long size) {
        return size == 0 ? Hash.EMPTY_TREE : range(0, size);
    }

    /**
     * The path that shows that the leaf {@code index} is in the tree of {@code size}, from the leaf's sibling upwards.
     *
     * @throws IndexOutOfBoundsException unless {@code 0 ≤ index < size}
     */
    public List<Hash> inclusion(long index, long size) {
        java.util.Objects.checkIndex(index, size);
        var path = new ArrayList<Hash>();
        long from = 0;
        long to = size;
        while (to - from > 1) {
            long middle = from + split(to - from);
            if (index < middle) {
                path.add(range(middle, to));
                to = middle;
            } else {
                path.add(range(from, middle));
                from = middle;
            }
        }
        Collections.reverse(path);
        return path;
    }

    /**
     * The nodes that show that the tree of {@code older} leaves is the beginning of the tree of {@code newer}. Empty when
     * the two are the same, or when the older is empty.
     *
     * @throws IndexOutOfBoundsException unless {@code 0 ≤ older ≤ newer}
     */
    public List<Hash> consistency(long older, long newer) {
        java.util.Objects.checkFromToIndex(0, older, newer);
        var path = new ArrayList<Hash>();
        if (older == 0) {
            return path;
        }
        long from = 0;
        long to = newer;
        while (to > older) {
            long middle = from + split(to - from);
            if (older <= middle) {
                path.add(range(middle, to));
                to = middle;
            } else {
                path.add(range(from, middle));
                from = middle;
            }
        }
        if (from > 0) {
            path.add(range(from, to));
        }
        Collections.reverse(path);
        return path;
    }

    private Hash range(long from, long to) {
        long length = to - from;
        if (Long.bitCount(length) == 1) {
            int level = Long.numberOfTrailingZeros(length);
            return subtrees.at(level, from >>> level);
        }
        long middle = from + split(length);
        return Hash.node(range(from, middle), range(middle, to));
    }

    /** The largest power of two below {@code length}. */
    private static long split(long length) {
        return Long.highestOneBit(length - 1);
    }

    /** RFC 9162 §2.1.3.2. Never throws: what does not fit is simply not proven. */
    public static boolean includes(Hash root, long size, long index, Hash leaf, List<Hash> path) {
        if (index < 0 || index >= size) {
            return false;
        }
        long node = index;
        long last = size - 1;
        var hash = leaf;
        for (var sibling : path) {
            if (last == 0) {
                return false;
            }
            if ((node & 1) == 1 || node == last) {
                hash = Hash.node(sibling, hash);
                while ((node & 1) == 0 && node != 0) {
                    node >>>= 1;
                    last >>>= 1;
                }
            } else {
                hash = Hash.node(hash, sibling);
            }
            node >>>= 1;
            last >>>= 1;
        }
        return last == 0 && hash.equals(root);
    }

    /** RFC 9162 §2.1.4.2. Never throws: what does not fit is simply not proven. */
    public static boolean extendsTo(long older, Hash olderRoot, long newer, Hash newerRoot, List<Hash> path) {
        if (older < 0 || older > newer) {
            return false;
        }
        if (older == newer || older == 0) {
            return path.isEmpty() && (older == newer ? olderRoot.equals(newerRoot) : olderRoot.equals(Hash.EMPTY_TREE));
        }
        var steps = new ArrayList<Hash>(path.size() + 1);
        if (Long.bitCount(older) == 1) {
            steps.add(olderRoot);
        }
        steps.addAll(path);
        if (steps.isEmpty()) {
            return false;
        }
        long node = older - 1;
        long last = newer - 1;
        while ((node & 1) == 1) {
            node >>>= 1;
            last >>>= 1;
        }
        var oldHash = steps.getFirst();
        var newHash = steps.getFirst();
        for (var step : steps.subList(1, steps.size())) {
            if (last == 0) {
                return false;
            }
            if ((node & 1) == 1 || node == last) {
                oldHash = Hash.node(step, oldHash);
                newHash = Hash.node(step, newHash);
                while ((node & 1) == 0 && node != 0) {
                    node >>>= 1;
                    last >>>= 1;
                }
            } else {
                newHash = Hash.node(newHash, step);
            }
            node >>>= 1;
            last >>>= 1;
        }
        return last == 0 && oldHash.equals(olderRoot) && newHash.equals(newerRoot);
    }
}
