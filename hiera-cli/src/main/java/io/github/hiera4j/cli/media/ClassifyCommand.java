package io.github.hiera4j.cli.media;

import io.github.hiera4j.api.Classification;
import io.github.hiera4j.api.HieraClassifier;
import io.github.hiera4j.api.LoadOptions;
import io.github.hiera4j.api.MediaResult;
import io.github.hiera4j.cli.options.LabelOptions;
import io.github.hiera4j.cli.options.PositiveInteger;
import io.github.hiera4j.cli.terminal.Output;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Classifies images and videos. */
@Command(
        name = "classify",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Classify images and videos.",
        footer = "Exit code 1 if any file could not be classified; the other files are classified nevertheless.")
public final class ClassifyCommand implements Callable<Integer> {
    @Mixin
    MediaOptions media;

    @Mixin
    LabelOptions labels = new LabelOptions();

    @Option(
            names = "--top",
            converter = PositiveInteger.class,
            paramLabel = "N",
            description = "Number of classes per file (default: ${DEFAULT-VALUE}).")
    int top = 5;

    @ArgGroup
    Format format = new Format();

    @Spec
    CommandSpec spec;

    /** The output format: plain lines unless one of these is given. */
    static final class Format {
        @Option(names = "--json", description = "Print one JSON object per line.")
        boolean json;

        @Option(names = "--csv", description = "Print comma-separated values: file, rank, index, label, probability.")
        boolean csv;
    }

    /** The JSON object of one file. */
    record Row(String file, List<Classification> predictions, double milliseconds) {}

    @Override
    public Integer call() {
        Output output = new Output(spec);
        try (MediaRun<HieraClassifier> run =
                new MediaRun<>(media, output, this::load, HieraClassifier::config, HieraClassifier::notes)) {
            if (format.csv) {
                output.line("file,rank,index,label,probability");
            }
            return run.run(
                    (model, files) -> model.classifyInputs(
                            files,
                            media.readOptions(
                                    model.readOptions(), model.config().isVideo()),
                            top),
                    (model, result) -> print(result, output));
        }
    }

    private HieraClassifier load(Path weights, LoadOptions options) {
        return HieraClassifier.load(weights, labels.addTo(options));
    }

    private void print(MediaResult<List<Classification>> result, Output output) {
        List<Classification> predictions = result.orThrow();
        String file = result.name();
        if (format.json) {
            output.json(new Row(file, predictions, Math.rint(result.milliseconds() * 100) / 100));
        } else if (format.csv) {
            printCsv(file, predictions, output);
        } else {
            printForPeople(file, predictions, output);
        }
    }

    private static void printCsv(String file, List<Classification> predictions, Output output) {
        for (int rank = 1; rank <= predictions.size(); rank++) {
            Classification guess = predictions.get(rank - 1);
            output.line(String.join(
                    ",",
                    quoted(file),
                    String.valueOf(rank),
                    String.valueOf(guess.index()),
                    quoted(guess.label()),
                    String.format(Locale.ROOT, "%.6f", guess.probability())));
        }
    }

    /** Quotes a value that contains a comma, a quote or a line break (RFC 4180). */
    private static String quoted(String text) {
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    private void printForPeople(String file, List<Classification> predictions, Output output) {
        boolean oneFile = media.files.size() == 1 && new File(media.files.get(0)).isFile();
        if (!oneFile) {
            output.line(file);
        }
        for (Classification guess : predictions) {
            String label = guess.label()
                    .replaceAll("\\p{Cc}", "?"); // labels come from a file: remove terminal control sequences
            output.line(String.format(Locale.ROOT, "%5.1f %%  %s", 100 * guess.probability(), label));
        }
    }
}
