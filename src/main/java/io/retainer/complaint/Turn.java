package io.retainer.complaint;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Whose turn it is to take a complaint. Pure. */
final class Turn {

    private Turn() {}

    /**
     * Somebody at the desk.
     *
     * @param skills what they are good at; none said means everything
     * @param most open complaints they take at once, or null
     * @param open complaints they have now
     * @param closed complaints of the category they have brought to an end
     * @param givenAt when they were given one last
     */
    record Worker(
            UUID person,
            Set<Skill> skills,
            @Nullable Integer most,
            boolean away,
            int open,
            int closed,
            @Nullable Instant givenAt) {

        boolean can(Skill skill) {
            return skills.isEmpty() || skills.contains(skill);
        }

        boolean hasRoom() {
            return !away && (most == null || open < most);
        }
    }

    /**
     * Of those who are there and have room: who has the skill and the language (when nobody has, all), of these who has the
     * least to do, then who knows the matter best, then who has waited longest.
     *
     * @param category null before it is assessed
     */
    static Optional<UUID> of(Collection<Worker> workers, @Nullable Category category, boolean english) {
        var fit = workers.stream().filter(Worker::hasRoom).toList();
        if (english) {
            fit = narrowed(fit, worker -> worker.can(Skill.ENGLISH));
        }
        if (category != null) {
            fit = narrowed(fit, worker -> worker.can(Skill.of(category)));
        }
        return fit.stream()
                .min(Comparator.comparingInt(Worker::open)
                        .thenComparingInt(worker -> -worker.closed())
                        .thenComparing(Worker::givenAt, Comparator.nullsFirst(Comparator.naturalOrder()))
                        .thenComparing(Worker::person))
                .map(Worker::person);
    }

    private static List<Worker> narrowed(List<Worker> workers, Predicate<Worker> fit) {
        var those = workers.stream().filter(fit).toList();
        return those.isEmpty() ? workers : those;
    }
}
