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
 * Records some steps of a training in all its processes. All processes must call the same methods for the same steps, since they
 * synchronise their clocks and gather their records.
 */
public final class StepRecorder {
    /** The maximum number of processes in a trace; further ones are left out. */
    public static final int MOST_RANKS = 8;

    private static final String SEPARATOR = "\t";
    private static final int FIELDS = 4;

    /** The first steps are slower, because memory is allocated and code is compiled. */
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
     * Creates a recorder.
     *
     * @param trainer the trainer whose steps are recorded
     * @param group the processes of the training
     * @param count number of steps to record, after three that are not recorded; 0 records nothing
     * @param whenComplete receives the trace in the first process; it is empty if there was no step to record
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

    /** Must be called before each step. Before the first recorded step, all processes wait for each other and set their clocks to zero. */
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
     * Must be called after each step.
     *
     * @param number the number of the step
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

    /** Must be called after the last step of a training, which may have had fewer steps than requested. */
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

    /** Returns the records of all processes in the first process, and an empty trace in the others. */
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
