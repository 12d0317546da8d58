package io.github.hiera4j.cli;

import io.github.hiera4j.api.Classification;
import io.github.hiera4j.api.HieraClassifier;
import io.github.hiera4j.model.HieraException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Names what images show. */
@Command(
        name = "classify",
        mixinStandardHelpOptions = true,
        description = "Classify images.",
        footer = "Exit code 1 if any file could not be classified; the others are.")
final class ClassifyCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Images.")
    List<Path> files;

    @Option(
            names = "--weights",
            required = true,
            paramLabel = "FILE",
            description = "A checkpoint, or a directory with one.")
    Path weights;

    @Option(names = "--labels", paramLabel = "FILE", description = "Class names, one a line (default: by class count).")
    @Nullable
    Path labels;

    @Option(names = "--top", paramLabel = "N", description = "Classes listed per file (default: 5).")
    int top = 5;

    @Option(names = "--json", description = "One JSON object a line.")
    boolean json;

    @Option(
            names = "--preprocess",
            paramLabel = "RULE",
            description =
                    "checkpoint: as its own configuration says, where it has one; released: as the released models"
                            + " were trained (default: checkpoint).")
    Preprocess preprocess = Preprocess.CHECKPOINT;

    @Mixin
    EngineOptions engine;

    @Spec
    CommandSpec spec;

    /** Whose rule prepares the images. */
    enum Preprocess {
        CHECKPOINT,
        RELEASED
    }

    /** The JSON object of one file; {@code milliseconds} is the time from reading the file to its classes. */
    record Row(String file, List<Classification> predictions, double milliseconds) {}

    @Override
    public Integer call() {
        Output output = new Output(spec);
        boolean allRead = true;
        try (HieraClassifier classifier =
                HieraClassifier.load(weights, engine.loadOptions(labels, preprocess == Preprocess.CHECKPOINT))) {
            for (Path file : files) {
                try {
                    long start = System.nanoTime();
                    List<Classification> predictions = classifier.classify(file, top);
                    print(new Row(file.toString(), predictions, milliseconds(start)), output);
                } catch (HieraException failure) {
                    output.note(failure.getMessage());
                    allRead = false;
                }
            }
        }
        return allRead ? 0 : 1;
    }

    private void print(Row row, Output output) {
        if (json) {
            output.json(row);
            return;
        }
        if (files.size() > 1) {
            output.line(row.file());
        }
        for (Classification guess : row.predictions()) {
            output.line(String.format(Locale.ROOT, "%5.1f %%  %s", 100 * guess.probability(), guess.label()));
        }
    }

    private static double milliseconds(long start) {
        return Math.rint((System.nanoTime() - start) / 1e4) / 100;
    }
}
