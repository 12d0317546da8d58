package io.github.hiera4j.cli.media;

import io.github.hiera4j.api.HieraBackbone;
import io.github.hiera4j.api.MediaResult;
import io.github.hiera4j.api.NpyFile;
import io.github.hiera4j.cli.terminal.Output;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Turns images and videos into feature vectors. */
@Command(
        name = "embed",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Turn images and videos into feature vectors.",
        footer = {
            "Without --out: one JSON object a line, {\"file\",\"embedding\"}. With it: a NumPy array",
            "with a row per file, and the files' names, row by row, on standard output."
        })
public final class EmbedCommand implements Callable<Integer> {
    @Mixin
    MediaOptions media;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE.npy",
            description = "Write the vectors there.")
    @Nullable
    Path out;

    @Option(names = "--normalize", description = "Scale every vector to length 1.")
    boolean normalize;

    @Option(names = "--json", description = "JSON lines, also for the names with --out.")
    boolean json;

    @Spec
    CommandSpec spec;

    /** The JSON object of one file. */
    record Row(String file, float[] embedding) {}

    /** The JSON object of one file whose vector went to the array. */
    record NameRow(int row, String file) {}

    @Override
    public Integer call() {
        Output output = new Output(spec);
        try (MediaRun<HieraBackbone> run =
                new MediaRun<>(media, output, HieraBackbone::load, HieraBackbone::config, HieraBackbone::notes)) {
            if (out == null) {
                return run.run(
                        (model, files) -> model.embedAll(files, media.readOptions(model.readOptions())),
                        (model, result) -> output.json(new Row(result.name(), scaled(result.orThrow()))));
            }
            return writeArray(run, out, output);
        }
    }

    private int writeArray(MediaRun<HieraBackbone> run, Path target, Output output) {
        int channels = run.models().get(0).embeddingSize();
        int[] rows = {0};
        try (NpyFile array = new NpyFile(target, channels)) {
            int exitCode = run.run(
                    (model, files) -> model.embedAll(files, media.readOptions(model.readOptions())),
                    (model, result) -> {
                        array.append(scaled(result.orThrow()));
                        printName(result, rows[0]++, output);
                    });
            array.finish();
            return exitCode;
        }
    }

    private void printName(MediaResult<float[]> result, int row, Output output) {
        if (json) {
            output.json(new NameRow(row, result.name()));
        } else {
            output.line(result.name());
        }
    }

    private float[] scaled(float[] vector) {
        if (!normalize) {
            return vector;
        }
        double squares = 0;
        for (float element : vector) {
            squares += (double) element * element;
        }
        double length = Math.max(Math.sqrt(squares), 1e-12);
        float[] unit = new float[vector.length];
        for (int i = 0; i < unit.length; i++) {
            unit[i] = (float) (vector[i] / length);
        }
        return unit;
    }
}
