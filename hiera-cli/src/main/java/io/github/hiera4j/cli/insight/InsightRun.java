package io.github.hiera4j.cli.insight;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.api.MediaInput;
import io.github.hiera4j.api.NpyFile;
import io.github.hiera4j.api.insight.page.Page;
import io.github.hiera4j.api.insight.picture.Grid;
import io.github.hiera4j.api.insight.picture.Png;
import io.github.hiera4j.api.insight.picture.Scale;
import io.github.hiera4j.api.insight.picture.Sheet;
import io.github.hiera4j.api.insight.picture.SheetPainter;
import io.github.hiera4j.cli.files.InputFiles;
import io.github.hiera4j.cli.files.OutputNames;
import io.github.hiera4j.cli.terminal.Output;
import io.github.hiera4j.cli.terminal.Progress;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.AtomicFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import tools.jackson.databind.json.JsonMapper;

/** One run of a command: processes the files in order, reports and counts failures, and writes the results. */
final class InsightRun {
    /** Maximum number of files, whose results are kept in memory so that all share one scale. */
    static final int MOST_FILES = 1000;

    private final Output output;
    private final OutputOptions options;
    private final Path directory;
    private final OutputNames names = new OutputNames();
    private int failures;

    /** The result for one file. */
    record Result<R>(Path file, R value) {}

    InsightRun(CommandSpec spec, OutputOptions options) {
        this.output = new Output(spec);
        this.options = options;
        this.directory = options.directory();
    }

    /** Computes a result for every file; files that fail are reported and skipped. */
    <R> List<Result<R>> each(List<String> arguments, Function<MediaInput, R> compute) {
        List<Result<R>> results = new ArrayList<>();
        InputFiles inputs = new InputFiles(this::fail);
        try (Stream<Path> files = inputs.expand(arguments);
                Progress progress = Progress.start(arguments)) {
            Iterator<Path> iterator = files.iterator();
            while (iterator.hasNext()) {
                Path file = iterator.next();
                check(
                        results.size() < MOST_FILES,
                        "more than %d files: results are kept in memory to share one scale; process fewer at a time",
                        MOST_FILES);
                try {
                    results.add(new Result<>(file, compute.apply(MediaInput.of(file))));
                } catch (HieraException failure) {
                    progress.clear();
                    fail(failure.getMessage());
                }
                progress.step();
            }
        }
        check(!results.isEmpty(), "no file could be read, so there is nothing to show");
        return results;
    }

    private void fail(String message) {
        failures++;
        output.note(message);
    }

    /** Returns the title of a file in images and pages: its name, without directories. */
    static String title(Path file) {
        Path name = file.getFileName();
        return name == null ? file.toString() : name.toString();
    }

    /** Returns the path of an output file for an input file. */
    Path target(Path file, String ending) {
        return directory.resolve(names.of(file, ending));
    }

    Path directory() {
        return directory;
    }

    Output output() {
        return output;
    }

    OutputOptions options() {
        return options;
    }

    /** Prints the path of a written file. */
    void wrote(Path target) {
        output.line(target.toString());
    }

    /** Writes the sheets as images, as one page or both, depending on the options. */
    void writeSheets(String command, String title, List<Result<Sheet>> sheets) {
        if (options.pictures()) {
            for (Result<Sheet> sheet : sheets) {
                Path target = target(sheet.file(), ".png");
                Png.write(target, SheetPainter.paint(sheet.value()));
                wrote(target);
            }
        }
        writePage(command, title, sheets.stream().map(Result::value).toList());
    }

    /** Writes one page with all sheets, if requested. */
    void writePage(String command, String title, List<Sheet> sheets) {
        if (options.html) {
            Set<Scale> scales = new LinkedHashSet<>();
            sheets.forEach(sheet -> scales.addAll(sheet.scales()));
            Page page = new Page(title, sheets.size() == 1 ? "1 file" : sheets.size() + " files")
                    .legends(List.copyOf(scales));
            sheets.forEach(page::sheet);
            writePage(command, page);
        }
    }

    void writePage(String command, Page page) {
        Path target = directory.resolve(command + ".html");
        page.write(target);
        wrote(target);
    }

    /** Writes the figures as one JSON file, if requested. */
    void writeJson(String command, Object value) {
        if (options.json) {
            writeText(
                    directory.resolve(command + ".json"),
                    JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(value));
        }
    }

    /** Writes a text file atomically. */
    void writeText(Path target, String text) {
        byte[] bytes = (text + (text.endsWith("\n") ? "" : "\n")).getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(target, channel -> {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        });
        wrote(target);
    }

    /** Writes values as an array, if requested. */
    void writeArray(Path file, String kind, float[] values, int... shape) {
        if (options.npy) {
            Path target = target(file, "." + kind + ".npy");
            NpyFile.write(target, values, shape);
            wrote(target);
        }
    }

    /** Writes grids of equal size as an array {@code [steps, rows, columns]}, if requested. */
    void writeGrids(Path file, String kind, List<Grid> grids) {
        Grid first = grids.get(0);
        float[] values = new float[grids.size() * first.values().length];
        for (int i = 0; i < grids.size(); i++) {
            System.arraycopy(grids.get(i).values(), 0, values, i * first.values().length, first.values().length);
        }
        writeArray(file, kind, values, grids.size(), first.rows(), first.columns());
    }

    int exitCode() {
        return failures == 0 ? 0 : 1;
    }

    /** Returns at most {@code most} evenly spaced indices below {@code count}: frames that represent a clip. */
    static List<Integer> spread(int count, int most) {
        List<Integer> chosen = new ArrayList<>();
        int shown = Math.min(count, most);
        for (int i = 0; i < shown; i++) {
            chosen.add((int) ((2L * i + 1) * count / (2L * shown)));
        }
        return chosen;
    }
}
