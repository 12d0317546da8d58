package io.github.hiera4j.cli.options;

import io.github.hiera4j.api.LoadOptions;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The names of a model's classes, for commands that print them. */
public final class LabelOptions {
    @Option(
            names = "--labels",
            paramLabel = "FILE",
            description = "Class names, one per line (default: by class count).")
    @Nullable
    private Path labels;

    /** {@return the options with the names, if names were given} */
    public LoadOptions addTo(LoadOptions options) {
        return labels == null ? options : options.toBuilder().labels(labels).build();
    }
}
