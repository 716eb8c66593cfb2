package io.retainer.matching;

/** Disjoint sets of rows. */
final class Union {

    private final int[] parent;

    Union(int rows) {
        this.parent = new int[rows];
        for (int row = 0; row < rows; row++) {
            parent[row] = row;
        }
    }

    int find(int row) {
        int at = row;
        while (parent[at] != at) {
            parent[at] = parent[parent[at]];
            at = parent[at];
        }
        return at;
    }

    void join(int a, int b) {
        int one = find(a);
        int other = find(b);
        // The lower row stays the root, which makes results independent of the order of joining.
        parent[Math.max(one, other)] = Math.min(one, other);
    }

    int[] roots() {
        var roots = new int[parent.length];
        for (int row = 0; row < roots.length; row++) {
            roots[row] = find(row);
        }
        return roots;
    }
}
