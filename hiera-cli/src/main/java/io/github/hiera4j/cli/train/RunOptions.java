package io.github.hiera4j.cli.train;

import io.github.hiera4j.cli.options.WrongCallException;
import io.github.hiera4j.train.recipe.Recipe;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options of every command that trains. */
final class RunOptions {
    private static final String NO_DIRECTORY = "";

    @Option(
            names = "--data",
            paramLabel = "DIR|LIST",
            description =
                    "The data set's directory, or a text file with one path per line (default with --resume: that of the run).")
    @Nullable
    Path data;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "DIR",
            description = "Directory of the run, for checkpoints, figures, model and report.")
    @Nullable
    Path out;

    @Option(
            names = {"--from", "-w", "--weights"},
            paramLabel = "W",
            description = "Start from these weights instead of random ones.")
    @Nullable
    Path from;

    @Option(names = "--ema", description = "Use the averaged weights of --from if it contains both kinds.")
    boolean ema;

    @Option(
            names = "--resume",
            arity = "0..1",
            fallbackValue = NO_DIRECTORY,
            paramLabel = "RUN",
            description = "Continue the run in this directory (default: --out) from its newest checkpoint.")
    @Nullable
    String resumed;

    @Option(names = "--overwrite", description = "Discard the existing run in --out and start again.")
    boolean overwrite;

    @Option(names = "--model", paramLabel = "NAME", description = "The network (setting model).")
    @Nullable
    String model;

    @Option(
            names = "--json",
            description = "Print one JSON object at the end: run, model, report, complete, steps, figures.")
    boolean json;

    @Option(
            names = "--trace",
            paramLabel = "STEPS",
            description = "Record when each process computes, waits and exchanges gradients, for this number of steps:"
                    + " trace.json (for ui.perfetto.dev) and trace.svg in the run's directory.")
    int trace;

    @Mixin
    RecipeChanges changes;

    /** Returns the recipe with all changes. */
    Recipe apply(Recipe recipe) {
        if (model == null) {
            return changes.apply(recipe);
        }
        String name = model;
        return changes.apply(WrongCallException.check(() -> recipe.with("model", name)));
    }

    /** Returns whether to continue a run. */
    boolean resumes() {
        return resumed != null;
    }

    /** Returns the directory of the run. */
    Path run(CommandLine commandLine) {
        if (resumes() && overwrite) {
            throw new ParameterException(commandLine, "expected --resume or --overwrite, got both");
        }
        if (ema && from == null) {
            throw new ParameterException(commandLine, "--ema selects weights of --from: add --from");
        }
        boolean named = resumed != null && !resumed.equals(NO_DIRECTORY);
        if (named && out != null && !Path.of(resumed).equals(out)) {
            throw new ParameterException(commandLine, "--resume and --out are different directories");
        }
        return named ? Path.of(resumed) : required(Optional.ofNullable(out), "--out=DIR", commandLine);
    }

    /**
     * Returns the directory of the data.
     *
     * @param saved the data directory of the run to continue
     */
    Path data(Optional<Path> saved, CommandLine commandLine) {
        return required(Optional.ofNullable(data).or(() -> saved), "--data=DIR", commandLine);
    }

    private static Path required(Optional<Path> value, String option, CommandLine commandLine) {
        return value.orElseThrow(
                () -> new ParameterException(commandLine, "Missing required option: '" + option + "'"));
    }
}
