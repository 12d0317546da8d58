package io.github.hiera4j.cli.train;

import io.github.hiera4j.cli.process.ProcessMemory;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.train.metrics.Percent;
import io.github.hiera4j.train.metrics.Progress;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.StringJoiner;

/** Prints the progress of a run: one line that is rewritten on a terminal, otherwise an occasional line. */
public final class ProgressLine implements Progress {
    private static final int COLUMNS = 79;
    private static final long QUIET_NANOS = 10_000_000_000L;

    private final PrintWriter err;
    private final int batch;
    private final boolean live = Boolean.getBoolean("hiera.terminal"); // set by the launcher
    private long lastLine = System.nanoTime() - QUIET_NANOS;
    private boolean open;
    private String task = "";
    private long taskStart;
    private long taskFirst;

    /** Creates a progress line for work without training steps. */
    ProgressLine(PrintWriter err) {
        this(err, 1);
    }

    /**
     * Creates a progress line that prints to a stream.
     *
     * @param err the stream for lines
     * @param batch samples per step, for the remaining time
     */
    public ProgressLine(PrintWriter err, int batch) {
        this.err = err;
        this.batch = batch;
    }

    @Override
    public void step(Step step) {
        if (!due(step.step() == step.steps())) {
            return;
        }
        show(text(step, batch, ProcessMemory.residentBytes()));
    }

    /** Formats a step in at most 79 columns up to a million steps, so that a terminal does not break the line. */
    static String text(Step step, int batch, OptionalLong residentBytes) {
        String memory = residentBytes.isPresent()
                ? String.format(Locale.ROOT, "  %.1f GB", residentBytes.getAsLong() / 1e9)
                : "";
        return String.format(
                Locale.ROOT,
                "%d/%d  epoch %d  loss %s  lr %.1e  %s/s  %s left%s",
                step.step(),
                step.steps(),
                step.epoch() + 1,
                String.format(Locale.ROOT, step.loss() < 10 ? "%.4f" : "%.2f", step.loss()),
                step.learningRate(),
                samples(step.samplesPerSecond()),
                time(step.secondsLeft(batch)),
                memory);
    }

    @Override
    public void views(String what, long done, long total) {
        long now = System.nanoTime();
        if (!what.equals(task)) {
            task = what;
            taskStart = now;
            taskFirst = done;
        }
        if (!due(done == total)) {
            return;
        }
        double perSecond = (done - taskFirst) / Math.max(1e-9, (now - taskStart) / 1e9);
        String speed = done == taskFirst ? "" : String.format(Locale.ROOT, "  %.1f/s", perSecond);
        if (done > taskFirst && done < total) {
            speed += "  " + time((total - done) / perSecond) + " left";
        }
        show(String.format(Locale.ROOT, "%s %d/%d%s", what, done, total, speed));
    }

    /** Returns whether to print now: always on a terminal, otherwise at the end and at intervals. */
    private boolean due(boolean last) {
        boolean due = live || last || System.nanoTime() - lastLine > QUIET_NANOS;
        lastLine = due ? System.nanoTime() : lastLine;
        return due;
    }

    private void show(String text) {
        err.print(live ? "\r" + pad(text) : text + System.lineSeparator());
        err.flush();
        open = live;
    }

    /** Pads a line to overwrite a longer previous line. */
    private static String pad(String text) {
        return text + " ".repeat(Math.max(0, COLUMNS - text.length()));
    }

    private static String samples(double perSecond) {
        return String.format(Locale.ROOT, perSecond < 100 ? "%.1f" : "%.0f", perSecond);
    }

    /** Ends the current line, so that output continues below it. */
    void end() {
        if (open) {
            err.println();
            err.flush();
            open = false;
        }
    }

    @Override
    public void evaluated(long step, Map<String, Double> figures) {
        StringJoiner text = new StringJoiner("  ", "held out at step " + step + ":  ", "");
        figures.forEach((name, value) -> text.add(name + " " + Percent.figure(name, value)));
        note(text.toString());
    }

    @Override
    public void note(String line) {
        end();
        err.println(Printable.message(line));
        err.flush();
    }

    private static String time(double seconds) {
        long whole = (long) seconds;
        return String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
    }
}
