package io.github.hiera4j.cli.terminal;

import io.github.hiera4j.cli.files.InputFiles;
import java.io.File;
import java.util.List;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A progress bar on standard error if that is a terminal and there is more than one file; otherwise it prints nothing. */
public final class Progress implements AutoCloseable {
    /** Set by the launcher, which can query the operating system. */
    private static final boolean TERMINAL = Boolean.getBoolean("hiera.terminal");

    private final @Nullable ProgressBar bar;

    private Progress(@Nullable ProgressBar bar) {
        this.bar = bar;
    }

    /** Starts a progress bar. Files in directories are counted in advance; the length of a list on standard input is unknown. */
    public static Progress start(List<String> arguments) {
        if (!TERMINAL || (arguments.size() == 1 && new File(arguments.get(0)).isFile())) {
            return new Progress(null);
        }
        boolean counted = arguments.stream().noneMatch("-"::equals);
        return new Progress(new ProgressBarBuilder()
                .setTaskName("hiera")
                .setInitialMax(
                        counted
                                ? new InputFiles(nothing -> {})
                                        .expand(arguments)
                                        .count()
                                : -1)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(200)
                .setMaxRenderedLength(79)
                .build());
    }

    /** Clears the bar for a line of output. */
    public void clear() {
        if (bar != null) {
            System.err.print("\r\033[K");
            System.err.flush();
        }
    }

    public void step() {
        if (bar != null) {
            bar.step();
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
