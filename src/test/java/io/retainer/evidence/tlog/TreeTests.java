package io.retainer.evidence.tlog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TreeTests {

    /** The entries and roots published with the first Certificate Transparency implementation. */
    static final List<byte[]> PUBLISHED = Stream.of(
                    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
            .map(HexFormat.of()::parseHex)
            .toList();

    @ParameterizedTest
    @CsvSource({
        "0, e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "1, 6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "2, fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "3, aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "4, d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "5, 4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "6, 76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "7, ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "8, 5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    })
    void LED_3_hasThePublishedRoots(int size, String root) {
        assertThat(tree(PUBLISHED).root(size)).hasToString(root);
        assertThat(frontier(PUBLISHED.subList(0, size)).root()).hasToString(root);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, ''",
        "0, 8, 96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7 "
                + "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e "
                + "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        "5, 8, bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b "
                + "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0 "
                + "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "2, 3, fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
    })
    void LED_3_hasThePublishedInclusionPaths(int index, int size, String path) {
        assertThat(words(tree(PUBLISHED).inclusion(index, size))).isEqualTo(path);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, ''",
        "1, 8, 96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7 "
                + "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e "
                + "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        "6, 8, 0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a "
                + "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0 "
                + "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "2, 5, 5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e "
                + "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "3, 8, 0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7 "
                + "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7 "
                + "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125 "
                + "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
    })
    void LED_3_hasThePublishedConsistencyProofs(int older, int newer, String path) {
        assertThat(words(tree(PUBLISHED).consistency(older, newer))).isEqualTo(path);
    }

    /** The tree of seven leaves drawn in RFC 6962 section 2.1.3, by the names of its nodes. */
    @Test
    void LED_3_followsTheExampleInTheText() {
        var d = IntStream.range(0, 7)
                .mapToObj(i -> Hash.leaf(("d" + i).getBytes(UTF_8)))
                .toList();
        var g = Hash.node(d.get(0), d.get(1));
        var h = Hash.node(d.get(2), d.get(3));
        var i = Hash.node(d.get(4), d.get(5));
        var j = d.get(6);
        var k = Hash.node(g, h);
        var l = Hash.node(i, j);
        var tree = tree(
                IntStream.range(0, 7).mapToObj(n -> ("d" + n).getBytes(UTF_8)).toList());
        assertThat(tree.root(7)).isEqualTo(Hash.node(k, l));
        assertThat(tree.inclusion(0, 7)).containsExactly(d.get(1), h, l);
        assertThat(tree.inclusion(3, 7)).containsExactly(d.get(2), g, l);
        assertThat(tree.inclusion(4, 7)).containsExactly(d.get(5), j, k);
        assertThat(tree.inclusion(6, 7)).containsExactly(i, k);
        assertThat(tree.consistency(3, 7)).containsExactly(d.get(2), d.get(3), g, l);
        assertThat(tree.consistency(4, 7)).containsExactly(l);
        assertThat(tree.consistency(6, 7)).containsExactly(i, j, k);
    }

    @Test
    void LED_3_allProofsUpTo257AgreeWithAnIndependentImplementation() {
        var entries = entries(257, 1);
        var tree = tree(entries);
        var text = new Rfc6962(entries);
        var roots = IntStream.rangeClosed(0, 257).mapToObj(tree::root).toList();
        for (int n = 0; n <= 257; n++) {
            assertThat(roots.get(n)).isEqualTo(Hash.of(text.mth(0, n)));
            for (int m = 0; m < n; m++) {
                var path = tree.inclusion(m, n);
                assertThat(path).isEqualTo(hashes(text.path(m, n)));
                assertThat(Tree.includes(roots.get(n), n, m, Hash.leaf(entries.get(m)), path))
                        .isTrue();
            }
            for (int m = 1; m <= n; m++) {
                var path = tree.consistency(m, n);
                assertThat(path).isEqualTo(hashes(text.proof(m, n)));
                assertThat(Tree.extendsTo(m, roots.get(m), n, roots.get(n), path))
                        .isTrue();
            }
        }
    }

    @Test
    void LED_3_randomProofsUpToAMillionAgreeWithAnIndependentImplementation() {
        var entries = entries(1_000_000, 2);
        var tree = tree(entries);
        var text = new Rfc6962(entries);
        var random = new Random(20261122);
        for (int i = 0; i < 100; i++) {
            int n = 1 + random.nextInt(1_000_000);
            int m = random.nextInt(n);
            var root = tree.root(n);
            assertThat(root).as("root of %s", n).isEqualTo(Hash.of(text.mth(0, n)));
            var path = tree.inclusion(m, n);
            assertThat(path).as("%s in %s", m, n).isEqualTo(hashes(text.path(m, n)));
            assertThat(Tree.includes(root, n, m, Hash.leaf(entries.get(m)), path))
                    .isTrue();
            var proof = tree.consistency(m + 1, n);
            assertThat(proof).as("%s before %s", m + 1, n).isEqualTo(hashes(text.proof(m + 1, n)));
            assertThat(Tree.extendsTo(m + 1, tree.root(m + 1), n, root, proof)).isTrue();
        }
    }

    @Test
    void LED_3_noMutatedProofIsAccepted() {
        var entries = entries(300, 3);
        var tree = tree(entries);
        var random = new Random(42);
        for (int i = 0; i < 8_000; i++) {
            int n = 2 + random.nextInt(299);
            int m = random.nextInt(n);
            var leaf = Hash.leaf(entries.get(m));
            var path = tree.inclusion(m, n);
            var bad = mutated(path, random);
            assertThat(Tree.includes(tree.root(n), n, m, leaf, bad))
                    .as("%s in %s: %s", m, n, bad)
                    .isFalse();
            int other = random.nextInt(n);
            if (other != m) {
                assertThat(Tree.includes(tree.root(n), n, other, leaf, path))
                        .as("%s as %s of %s", m, other, n)
                        .isFalse();
            }
            if (m > 0) {
                var proof = tree.consistency(m, n);
                var worse = mutated(proof, random);
                assertThat(Tree.extendsTo(m, tree.root(m), n, tree.root(n), worse))
                        .isFalse();
                assertThat(Tree.extendsTo(m, flipped(tree.root(m), random), n, tree.root(n), proof))
                        .isFalse();
                assertThat(Tree.extendsTo(m, tree.root(m), n, flipped(tree.root(n), random), proof))
                        .isFalse();
            }
        }
    }

    @Test
    void aTreeBeginsWithTheEmptyOneOnly() {
        var tree = tree(PUBLISHED);
        assertThat(Tree.extendsTo(0, Hash.EMPTY_TREE, 8, tree.root(8), List.of()))
                .isTrue();
        assertThat(Tree.extendsTo(0, tree.root(1), 8, tree.root(8), List.of())).isFalse();
        assertThat(Tree.extendsTo(0, Hash.EMPTY_TREE, 8, tree.root(8), List.of(tree.root(1))))
                .isFalse();
        assertThat(Tree.extendsTo(8, tree.root(8), 4, tree.root(4), List.of())).isFalse();
        assertThat(Tree.includes(tree.root(8), 8, -1, tree.root(1), List.of())).isFalse();
        assertThat(Tree.includes(tree.root(8), 8, 8, tree.root(1), List.of())).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 7, 8, 255, 256, 257})
    void theEdgeOfATreeSurvivesBeingStored(int size) {
        var entries = entries(300, 4);
        var stored = frontier(entries.subList(0, size));
        var edge = new Frontier(size, stored.peaks());
        entries.subList(size, 300).forEach(entry -> edge.append(Hash.leaf(entry)));
        assertThat(edge.root()).isEqualTo(tree(entries).root(300));
        assertThatThrownBy(() -> new Frontier(size + 1, new byte[] {1})).isInstanceOf(MalformedLog.class);
    }

    static List<byte[]> entries(int count, long seed) {
        var random = new Random(seed);
        return Stream.generate(() -> {
                    var entry = new byte[random.nextInt(12)];
                    random.nextBytes(entry);
                    return entry;
                })
                .limit(count)
                .toList();
    }

    static Frontier frontier(List<byte[]> entries) {
        var frontier = new Frontier();
        entries.forEach(entry -> frontier.append(Hash.leaf(entry)));
        return frontier;
    }

    static Tree tree(List<byte[]> entries) {
        var levels = new ArrayList<List<Hash>>();
        levels.add(entries.stream().map(Hash::leaf).toList());
        while (levels.getLast().size() > 1) {
            var below = levels.getLast();
            levels.add(IntStream.range(0, below.size() / 2)
                    .mapToObj(i -> Hash.node(below.get(2 * i), below.get(2 * i + 1)))
                    .toList());
        }
        return new Tree((level, index) -> levels.get(level).get((int) index));
    }

    private static List<Hash> mutated(List<Hash> path, Random random) {
        var bad = new ArrayList<>(path);
        switch (random.nextInt(path.isEmpty() ? 1 : 5)) {
            case 0 -> bad.add(random.nextInt(path.size() + 1), Hash.leaf(new byte[] {(byte) random.nextInt()}));
            case 1 -> bad.remove(random.nextInt(path.size()));
            case 2 -> bad.add(bad.get(random.nextInt(path.size())));
            case 3 -> bad.addFirst(bad.get(random.nextInt(path.size())));
            case 4 -> {
                int at = random.nextInt(path.size());
                bad.set(at, flipped(bad.get(at), random));
            }
            default -> throw new IllegalStateException();
        }
        return bad;
    }

    private static Hash flipped(Hash hash, Random random) {
        var bytes = hash.bytes();
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        return Hash.of(bytes);
    }

    private static List<Hash> hashes(List<byte[]> list) {
        return list.stream().map(Hash::of).toList();
    }

    private static String words(List<Hash> path) {
        return String.join(" ", path.stream().map(Hash::toString).toList());
    }
}
