package io.retainer.duty;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * One segment of a timeline as a rectangle of a drawing that is {@link #WIDTH} wide.
 *
 * @param x left edge
 */
record TimelineBar(int x, int width, Segment segment) {

    static final int WIDTH = 1000;

    /** The segments side by side, as wide as they are long; the shortest can still be seen. */
    static List<TimelineBar> of(List<Segment> timeline) {
        if (timeline.isEmpty()) {
            return List.of();
        }
        Instant start = timeline.getFirst().from();
        double whole = Duration.between(start, timeline.getLast().to()).toMillis();
        var bars = new ArrayList<TimelineBar>();
        for (var segment : timeline) {
            int x = at(start, segment.from(), whole);
            bars.add(new TimelineBar(x, Math.max(3, at(start, segment.to(), whole) - x), segment));
        }
        return bars;
    }

    private static int at(Instant start, Instant moment, double whole) {
        return whole == 0
                ? 0
                : (int) Math.round(WIDTH * Duration.between(start, moment).toMillis() / whole);
    }
}
