package io.github.hiera4j.cli.train;

import io.github.hiera4j.cli.process.ProcessMemory;
import io.github.hiera4j.train.run.Progress;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.StringJoiner;

/** Prints how a run goes: one line that rewrites itself at a terminal, a line now and then otherwise. */
final class ProgressLine implements Progress {
    private static final int COLUMNS = 79;
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
        String text = text(step, batch, ProcessMemory.residentBytes());
        err.print(live ? "\r" + pad(text) : text + System.lineSeparator());
        err.flush();
        open = live;
    }

    /** At most 79 columns up to a million steps, so that a terminal does not break the line. */
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

    /** Blanks out what a longer line before it left. */
    private static String pad(String text) {
        return text + " ".repeat(Math.max(0, COLUMNS - text.length()));
    }

    private static String samples(double perSecond) {
        return String.format(Locale.ROOT, perSecond < 100 ? "%.1f" : "%.0f", perSecond);
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
