package io.github.hiera4j.cli.insight;

import io.github.hiera4j.api.LoadOptions;
import io.github.hiera4j.cli.options.LoadingOptions;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which model is looked into, and how it is loaded. */
final class ModelOptions {
    @Option(
            names = {"-w", "--weights"},
            required = true,
            paramLabel = "W",
            description = "A checkpoint, or a directory with one.")
    Path weights = Path.of("");

    @Mixin
    LoadingOptions loading = new LoadingOptions();

    LoadOptions loadOptions() {
        return loading.loadOptions();
    }
}
