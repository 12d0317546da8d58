package io.github.hiera4j.api.insight.timeline;

import io.github.hiera4j.api.Classification;
import java.util.ArrayList;
import java.util.List;

/** Joins steps into segments of one class. */
final class Segments {
    private Segments() {}

    /**
     * Returns the segments of a video, without gaps: the border between two windows is halfway between their middles.
     *
     * @param shortest shorter segments are merged with the neighbour of higher probability, the shortest one first
     */
    static List<Timeline.Segment> of(List<Timeline.Step> steps, double duration, double shortest) {
        List<Timeline.Segment> segments = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            double start =
                    i == 0 ? 0 : (steps.get(i - 1).middle() + steps.get(i).middle()) / 2;
            double end = i == steps.size() - 1
                    ? Math.max(duration, start)
                    : (steps.get(i).middle() + steps.get(i + 1).middle()) / 2;
            Classification top = steps.get(i).top().get(0);
            add(segments, new Timeline.Segment(start, end, top.index(), top.label(), top.probability()));
        }
        while (segments.size() > 1) {
            int least = 0;
            for (int i = 1; i < segments.size(); i++) {
                least = length(segments.get(i)) < length(segments.get(least)) ? i : least;
            }
            if (length(segments.get(least)) >= shortest) {
                break;
            }
            absorb(segments, least);
        }
        return List.copyOf(segments);
    }

    private static void add(List<Timeline.Segment> segments, Timeline.Segment next) {
        int last = segments.size() - 1;
        if (last >= 0 && segments.get(last).index() == next.index()) {
            segments.set(last, joined(segments.get(last), next, segments.get(last)));
        } else {
            segments.add(next);
        }
    }

    /** Adds a segment's time to a neighbour, and joins the neighbours if they have the same class. */
    private static void absorb(List<Timeline.Segment> segments, int at) {
        Timeline.Segment gone = segments.get(at);
        boolean before = at > 0
                && (at == segments.size() - 1
                        || segments.get(at - 1).probability()
                                >= segments.get(at + 1).probability());
        int neighbour = before ? at - 1 : at + 1;
        Timeline.Segment kept = segments.get(neighbour);
        Timeline.Segment wider = new Timeline.Segment(
                Math.min(kept.start(), gone.start()),
                Math.max(kept.end(), gone.end()),
                kept.index(),
                kept.label(),
                kept.probability());
        segments.set(neighbour, wider);
        segments.remove(at);
        int now = before ? at - 1 : at;
        if (now > 0 && segments.get(now - 1).index() == segments.get(now).index()) {
            segments.set(now - 1, joined(segments.get(now - 1), segments.get(now), segments.get(now)));
            segments.remove(now);
            now--;
        }
        if (now + 1 < segments.size()
                && segments.get(now + 1).index() == segments.get(now).index()) {
            segments.set(now, joined(segments.get(now), segments.get(now + 1), segments.get(now)));
            segments.remove(now + 1);
        }
    }

    private static Timeline.Segment joined(Timeline.Segment first, Timeline.Segment second, Timeline.Segment named) {
        double total = length(first) + length(second);
        double probability = total > 0
                ? (first.probability() * length(first) + second.probability() * length(second)) / total
                : first.probability();
        return new Timeline.Segment(first.start(), second.end(), named.index(), named.label(), probability);
    }

    private static double length(Timeline.Segment segment) {
        return segment.end() - segment.start();
    }
}
