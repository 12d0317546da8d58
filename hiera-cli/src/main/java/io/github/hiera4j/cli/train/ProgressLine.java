package io.github.hiera4j.cli.train;

import io.github.hiera4j.train.run.Progress;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** Prints how a run goes: one line that rewrites itself at a terminal, a line now and then otherwise. */
final class ProgressLine implements Progress {
    private static final long QUIET_NANOS = 10_000_000_000L;

    private final PrintWriter err;
    private final int batch;
    private final boolean live = isTerminal();
    private long lastLine = System.nanoTime() - QUIET_NANOS;
    private boolean open;

    /** @param batch samples of one step, for the time left */
    ProgressLine(PrintWriter err, int batch) {
        this.err = err;
        this.batch = batch;
    }

    @Override
    public void step(Step step) {
        boolean due = live || step.step() == step.steps() || System.nanoTime() - lastLine > QUIET_NANOS;
        if (!due) {
            return;
        }
        lastLine = System.nanoTime();
        Runtime runtime = Runtime.getRuntime();
        long heap = (runtime.totalMemory() - runtime.freeMemory()) >> 20;
        String text = String.format(
                Locale.ROOT,
                "step %d/%d  epoch %d  loss %.4f  lr %.2e  %.1f samples/s  %s left  heap %d MiB",
                step.step(),
                step.steps(),
                step.epoch() + 1,
                step.loss(),
                step.learningRate(),
                step.samplesPerSecond(),
                time(step.secondsLeft(batch)),
                heap);
        err.print(live ? "\r" + text + "   " : text + System.lineSeparator());
        err.flush();
        open = live;
    }

    @Override
    public void evaluated(long step, Map<String, Double> figures) {
        StringJoiner text = new StringJoiner("  ", "held out at step " + step + ":  ", "");
        figures.forEach((name, value) -> text.add(String.format(Locale.ROOT, "%s %.4f", name, value)));
        note(text.toString());
    }

    @Override
    public void note(String line) {
        if (open) {
            err.println();
            open = false;
        }
        err.println(line);
        err.flush();
    }

    @SuppressWarnings(
            "SystemConsoleNull") // where later versions give a console for a pipe, lines rewrite themselves in vain
    private static boolean isTerminal() {
        return System.console() != null;
    }

    private static String time(double seconds) {
        long whole = (long) seconds;
        return String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
    }
}
