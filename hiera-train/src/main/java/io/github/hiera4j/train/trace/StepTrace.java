package io.github.hiera4j.train.trace;

import java.util.Comparator;
import java.util.List;

/**
 * The activities of processes in some training steps. All times are nanoseconds on a clock that the processes start at the same time.
 *
 * @param spans the activities, sorted by rank and start
 */
public record StepTrace(List<Span> spans) {
    /** The row of a timeline to which a span belongs. */
    public enum Lane {
        /** One span per step. */
        STEP(0),
        /** The activities of the training thread, which follow one another. */
        WORK(1),
        /** Communication that runs concurrently with the training thread; its spans may overlap. */
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
     * @param rank the rank of the process
     * @param lane the lane to which it belongs
     * @param what its name
     * @param from its start
     * @param to its end
     */
    public record Span(int rank, Lane lane, String what, long from, long to) {
        long nanos() {
            return to - from;
        }
    }

    /**
     * How a step spends its time, in milliseconds: means over all steps of a process.
     *
     * @param step the whole step
     * @param computing everything except {@code data} and {@code waiting}
     * @param data waiting for samples, and preparing inputs
     * @param waiting waiting for other processes
     * @param exchange time during which data were sent or received
     * @param hidden the part of {@code exchange} during which the process did not wait
     */
    public record Shares(double step, double computing, double data, double waiting, double exchange, double hidden) {}

    /**
     * Sorts the spans.
     *
     * @param spans the activities in any order
     */
    public StepTrace {
        spans = spans.stream()
                .sorted(Comparator.comparingInt(Span::rank).thenComparingLong(Span::from))
                .toList();
    }

    /** {@return the ranks of the recorded processes, in ascending order} */
    public List<Integer> ranks() {
        return spans.stream().map(Span::rank).distinct().toList();
    }

    List<Span> of(int rank, Lane lane) {
        return spans.stream()
                .filter(span -> span.rank() == rank && span.lane() == lane)
                .toList();
    }

    /**
     * Returns how the steps of a process spend their time.
     *
     * @param rank the rank of the process
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
        for (Span sent : of(rank, Lane.EXCHANGE)) { // spans may overlap: their union counts
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
