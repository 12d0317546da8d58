package io.github.hiera4j.cli.train;

import static io.github.hiera4j.model.Check.check;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every command that trains. */
final class RunOptions {
    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR|LIST",
            description = "The data set's directory, or a text file with a path a line.")
    Path data;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where the run keeps what it makes.")
    Path out;

    @Option(names = "--from", paramLabel = "FILE", description = "Begin with these weights instead of random ones.")
    @Nullable
    Path from;

    @Option(names = "--resume", description = "Go on from the newest checkpoint of --out.")
    boolean resume;

    @Option(names = "--overwrite", description = "Throw away the run that --out holds, and begin anew.")
    boolean overwrite;

    @Mixin
    RecipeChanges changes;

    /** Refuses options that contradict each other. */
    void validate() {
        check(!(resume && overwrite), "expected --resume or --overwrite, got both");
    }
}
