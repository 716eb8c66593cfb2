package io.retainer.matching;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Which Western first names stand for one another, by a list of our own. */
final class Nicknames {

    private static final Map<String, Set<Integer>> FAMILIES = read();

    private Nicknames() {}

    /** Whether one may stand for the other: both in one family. */
    static boolean related(String a, String b) {
        var one = FAMILIES.get(a);
        var other = FAMILIES.get(b);
        return one != null && other != null && one.stream().anyMatch(other::contains);
    }

    private static Map<String, Set<Integer>> read() {
        Map<String, Set<Integer>> families = new HashMap<>();
        var lines = ResourceLines.of("nicknames.txt");
        for (int i = 0; i < lines.size(); i++) {
            for (var name : lines.get(i).split(" ")) {
                families.computeIfAbsent(name, _ -> new HashSet<>()).add(i);
            }
        }
        return families;
    }
}
