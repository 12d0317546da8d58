package io.github.hiera4j.torch.train;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The position of each parameter in one long vector: group after group, so that an optimiser step is one call per group.
 *
 * @param slots the slots by official name
 * @param ranges the ranges of the groups, in their order
 * @param elements length of the vector
 */
record FlatLayout(Map<String, Slot> slots, List<Range> ranges, long elements) {

    /** The part of the vector that is one parameter. */
    record Slot(long offset, Shape shape) {}

    /** The part of the vector that is one group. */
    record Range(long offset, long length, double learningRateScale, double weightDecay) {}

    /** Some consecutive elements of the vector. */
    record Span(long offset, long length) {
        /** Returns the intersection with another range; empty if they do not overlap. */
        Span and(long otherOffset, long otherLength) {
            long first = Math.max(offset, otherOffset);
            long end = Math.min(offset + length, otherOffset + otherLength);
            return end > first ? new Span(first, end - first) : new Span(offset, 0);
        }
    }

    /** Parts are cut at multiples of this from the start of a group, so that vector instructions process the same elements as without cuts. */
    private static final long GRAIN = 64;

    /** Divides the vector into parts of nearly equal length, one per process. */
    List<Span> shares(int processes) {
        List<Span> shares = new ArrayList<>();
        long first = 0;
        for (int process = 0; process < processes; process++) {
            long end = process == processes - 1 ? elements : cut(elements / processes * (process + 1));
            shares.add(new Span(first, end - first));
            first = end;
        }
        return shares;
    }

    /** Returns the cut at or before an element. */
    private long cut(long element) {
        for (Range range : ranges) {
            if (element < range.offset() + range.length()) {
                return range.offset() + (element - range.offset()) / GRAIN * GRAIN;
            }
        }
        return elements;
    }

    static FlatLayout of(Map<String, Shape> parameters, List<ParameterGroup> groups) {
        Map<String, Slot> slots = new LinkedHashMap<>();
        List<Range> ranges = new ArrayList<>();
        long offset = 0;
        for (ParameterGroup group : groups) {
            long start = offset;
            for (String name : group.parameters()) {
                Shape shape = parameters.get(name);
                check(shape != null, "parameter group: the model has no parameter '%s'", name);
                Slot previous = slots.put(name, new Slot(offset, Objects.requireNonNull(shape)));
                check(previous == null, "parameter group: '%s' is in two groups", name);
                offset += shape.elements();
            }
            ranges.add(new Range(start, offset - start, group.learningRateScale(), group.weightDecay()));
        }
        parameters
                .keySet()
                .forEach(name -> check(slots.containsKey(name), "parameter group: '%s' is in no group", name));
        return new FlatLayout(Collections.unmodifiableMap(slots), List.copyOf(ranges), offset);
    }

    Slot slot(String name) {
        return Objects.requireNonNull(slots.get(name), name);
    }
}
