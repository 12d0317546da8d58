package io.github.hiera4j.train.trace;

import io.github.hiera4j.torch.distributed.ProcessGroup;
import io.github.hiera4j.torch.tape.StepTimeline;
import io.github.hiera4j.torch.tape.StepTimes;
import io.github.hiera4j.torch.train.TorchTrainer;
import io.github.hiera4j.train.trace.StepTrace.Lane;
import io.github.hiera4j.train.trace.StepTrace.Span;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Records some steps of a training, in all its processes at once. All of them call the same methods for the same steps, since their clocks
 * are set together and their records brought together.
 */
public final class StepRecorder {
    /** Processes that a trace shows; further ones are left out. */
    public static final int MOST_RANKS = 8;

    private static final String SEPARATOR = "\t";
    private static final int FIELDS = 4;

    /** The first steps are slower: memory is reserved, and code is compiled. */
    private static final int WARM_UP = 3;

    private final TorchTrainer trainer;
    private final ProcessGroup group;
    private final int count;
    private final Consumer<StepTrace> whenComplete;
    private final StepTimeline events = new StepTimeline();
    private final List<Span> steps = new ArrayList<>();
    private int seen;
    private long zero;
    private long begun;

    /**
     * Records nothing yet.
     *
     * @param trainer whose steps are recorded
     * @param group its processes
     * @param count how many steps, after three that are not recorded; 0 for none
     * @param whenComplete receives the trace, in the first process; an empty one if there was no step to record
     */
    public StepRecorder(TorchTrainer trainer, ProcessGroup group, int count, Consumer<StepTrace> whenComplete) {
        this.trainer = trainer;
        this.group = group;
        this.count = count;
        this.whenComplete = whenComplete;
    }

    private boolean isRecording() {
        return seen >= WARM_UP && steps.size() < count;
    }

    /** Before each step; before the first one that is recorded, all processes wait for each other and set their clocks. */
    public void before() {
        if (!isRecording()) {
            return;
        }
        if (steps.isEmpty()) {
            group.sum(0.0);
            zero = System.nanoTime();
        }
        trainer.measure(events);
        events.reset();
        begun = System.nanoTime();
    }

    /**
     * After each step.
     *
     * @param number of the step
     */
    public void after(long number) {
        if (isRecording()) {
            trainer.measure(StepTimes.NONE);
            steps.add(new Span(group.rank(), Lane.STEP, "step " + number, begun - zero, System.nanoTime() - zero));
            if (steps.size() == count) {
                handOver();
            }
        }
        seen++;
    }

    /** After the last step of a training, which may have had fewer steps than were to be recorded. */
    public void end() {
        if (steps.size() < count) {
            handOver();
        }
    }

    private void handOver() {
        StepTrace trace = gather();
        if (group.isFirst()) {
            whenComplete.accept(trace);
        }
    }

    /** The records of all processes, in the first one; in others nothing. */
    private StepTrace gather() {
        StringBuilder own = new StringBuilder();
        if (group.rank() < MOST_RANKS) {
            steps.forEach(step -> own.append(line(step)));
            for (StepTimeline.Event event : events.events()) {
                Lane lane = event.aside() ? Lane.EXCHANGE : Lane.WORK;
                own.append(line(new Span(group.rank(), lane, event.what(), event.from() - zero, event.to() - zero)));
            }
        }
        List<byte[]> all = group.gather(own.toString().getBytes(StandardCharsets.UTF_8));
        List<Span> spans = new ArrayList<>();
        for (int rank = 0; rank < all.size() && group.isFirst(); rank++) {
            int from = rank;
            new String(all.get(rank), StandardCharsets.UTF_8).lines().forEach(line -> spans.add(span(from, line)));
        }
        return new StepTrace(spans);
    }

    private static String line(Span span) {
        return String.join(
                        SEPARATOR,
                        span.lane().name(),
                        String.valueOf(span.from()),
                        String.valueOf(span.to()),
                        span.what())
                + "\n";
    }

    private static Span span(int rank, String line) {
        String[] parts = line.split(SEPARATOR, FIELDS);
        return new Span(rank, Lane.valueOf(parts[0]), parts[3], Long.parseLong(parts[1]), Long.parseLong(parts[2]));
    }
}
