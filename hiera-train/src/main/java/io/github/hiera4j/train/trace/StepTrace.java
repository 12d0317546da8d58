package io.github.hiera4j.train.trace;

import java.util.Comparator;
import java.util.List;

/**
 * What processes did in some steps. All times are nanoseconds on one clock, which the processes start together.
 *
 * @param spans in the order of their ranks and beginnings
 */
public record StepTrace(List<Span> spans) {
    /** What a span belongs to. */
    public enum Lane {
        /** Whole steps. */
        STEP(0),
        /** The thread that makes steps: one activity after the other. */
        WORK(1),
        /** Everything sent and received at the same time. */
        EXCHANGE(2);

        private final int number;

        Lane(int number) {
            this.number = number;
        }

        /** {@return the number of the lane in a trace file, from 0} */
        int number() {
            return number;
        }
    }

    /**
     * An activity of a process.
     *
     * @param rank of the process
     * @param lane what it belongs to
     * @param what its name
     * @param from its beginning
     * @param to its end
     */
    public record Span(int rank, Lane lane, String what, long from, long to) {
        long nanos() {
            return to - from;
        }
    }

    /**
     * Where the time of a step went, in milliseconds; the mean over all steps of a process.
     *
     * @param step the whole step
     * @param computing everything but the two below
     * @param data waiting for samples, and preparing inputs
     * @param waiting for other processes
     * @param exchange time in which something was sent or received
     * @param hidden the part of {@code exchange} in which the process did not wait
     */
    public record Shares(double step, double computing, double data, double waiting, double exchange, double hidden) {}

    /**
     * Sorts the spans.
     *
     * @param spans in any order
     */
    public StepTrace {
        spans = spans.stream()
                .sorted(Comparator.comparingInt(Span::rank).thenComparingLong(Span::from))
                .toList();
    }

    /** {@return the processes that are shown, from 0} */
    public List<Integer> ranks() {
        return spans.stream().map(Span::rank).distinct().toList();
    }

    List<Span> of(int rank, Lane lane) {
        return spans.stream()
                .filter(span -> span.rank() == rank && span.lane() == lane)
                .toList();
    }

    /**
     * Sums up.
     *
     * @param rank a process
     * @return means over its steps
     */
    public Shares shares(int rank) {
        List<Span> steps = of(rank, Lane.STEP);
        List<Span> waits = of(rank, Lane.WORK).stream()
                .filter(span -> Activity.of(span.what()) == Activity.WAITING)
                .toList();
        long data = of(rank, Lane.WORK).stream()
                .filter(span -> Activity.of(span.what()) == Activity.DATA)
                .mapToLong(Span::nanos)
                .sum();
        long all = steps.stream().mapToLong(Span::nanos).sum();
        long waiting = waits.stream().mapToLong(Span::nanos).sum();
        long exchange = 0;
        long hidden = 0;
        long covered = Long.MIN_VALUE;
        for (Span sent : of(rank, Lane.EXCHANGE)) { // several overlap: their union counts
            long from = Math.max(sent.from(), covered);
            if (sent.to() > from) {
                exchange += sent.to() - from;
                hidden += sent.to() - from - common(from, sent.to(), waits);
                covered = sent.to();
            }
        }
        double scale = 1e-6 / Math.max(1, steps.size());
        return new Shares(
                all * scale,
                (all - data - waiting) * scale,
                data * scale,
                waiting * scale,
                exchange * scale,
                hidden * scale);
    }

    private static long common(long from, long to, List<Span> waits) {
        return waits.stream()
                .mapToLong(wait -> Math.max(0, Math.min(to, wait.to()) - Math.max(from, wait.from())))
                .sum();
    }
}
