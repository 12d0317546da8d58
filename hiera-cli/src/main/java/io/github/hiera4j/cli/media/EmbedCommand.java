package io.github.hiera4j.cli.media;

import io.github.hiera4j.api.EmbeddingFile;
import io.github.hiera4j.api.HieraBackbone;
import io.github.hiera4j.cli.options.WrongCallException;
import io.github.hiera4j.cli.terminal.Output;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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
        description = "Convert images and videos, including those in tar files, to feature vectors.",
        footer = {
            "",
            "Without --out: one JSON object per line: file, embedding (a list of numbers).",
            "With --out FILE.npz: arrays 'embeddings' (float32, a row per file) and 'names'.",
            "FILE.safetensors: tensor 'embeddings'; its metadata has 'names', a JSON list.",
            "FILE.npy: the array; the names, row by row, on standard output. --json prints",
            "row and file of every vector. To continue an interrupted run, repeat the same",
            "command: finished rows remain in FILE.part until FILE is complete."
        })
public final class EmbedCommand implements Callable<Integer> {
    @Mixin
    MediaOptions media;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            description = "Write the vectors to this file: .npz or .safetensors with the file names, or .npy.")
    @Nullable
    Path out;

    @Option(names = "--normalize", description = "Scale every vector to length 1.")
    boolean normalize;

    @Option(names = "--json", description = "Print JSON lines, with --out for the file names.")
    boolean json;

    @Spec
    CommandSpec spec;

    /** The JSON object of one file. */
    record Row(String file, float[] embedding) {}

    /** The JSON object of one file whose vector was written to the array. */
    record NameRow(int row, String file) {}

    @Override
    public Integer call() {
        Output output = new Output(spec);
        if (out != null) {
            Path file = out;
            WrongCallException.check(() -> {
                EmbeddingFile.checkEnding(file);
                return file;
            });
        }
        try (MediaRun<HieraBackbone> run = new MediaRun<HieraBackbone>(
                        media, output, HieraBackbone::load, HieraBackbone::config, HieraBackbone::notes)
                .openingTars()) {
            if (out == null) {
                return run.run(
                        (model, files) -> model.embedInputs(
                                files,
                                media.readOptions(
                                        model.readOptions(), model.config().isVideo())),
                        (model, result) -> output.json(new Row(result.name(), scaled(result.orThrow()))));
            }
            return writeFile(run, out, output);
        }
    }

    private int writeFile(MediaRun<HieraBackbone> run, Path target, Output output) {
        HieraBackbone model = run.models().get(0);
        try (EmbeddingFile file = new EmbeddingFile(target, model.embeddingSize(), settings())) {
            List<String> before = file.names();
            if (!before.isEmpty()) {
                output.note(target + ": continues after " + before.size() + " vectors of an earlier run");
            }
            for (int row = 0; row < before.size(); row++) {
                printName(before.get(row), row, output);
            }
            int[] rows = {before.size()};
            int exitCode = run.run(
                    (backbone, files) -> backbone.embedInputs(
                            files,
                            media.readOptions(
                                    backbone.readOptions(), backbone.config().isVideo())),
                    (backbone, result) -> {
                        file.append(result.name(), scaled(result.orThrow()));
                        printName(result.name(), rows[0]++, output);
                    },
                    Set.copyOf(before));
            file.finish();
            output.note(target + ": " + rows[0] + (rows[0] == 1 ? " vector of " : " vectors of ")
                    + model.embeddingSize() + " numbers");
            return exitCode;
        }
    }

    /** Returns the settings that determine the vectors; an unfinished file is continued only with equal settings. */
    private String settings() {
        List<String> parts = new ArrayList<>();
        for (Path weights : media.weights) {
            parts.add(weights.toAbsolutePath().normalize().toString());
        }
        parts.add("normalize=" + normalize);
        parts.addAll(media.settings());
        return String.join(" ", parts);
    }

    private void printName(String name, int row, Output output) {
        if (json) {
            output.json(new NameRow(row, name));
        } else if (String.valueOf(out).endsWith(".npy")) {
            output.line(name); // the other formats contain the names
        }
    }

    private float[] scaled(float[] vector) {
        return normalize ? HieraBackbone.unit(vector) : vector;
    }
}
