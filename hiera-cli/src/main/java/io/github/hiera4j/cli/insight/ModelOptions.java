package io.github.hiera4j.cli.insight;

import io.github.hiera4j.api.InputSize;
import io.github.hiera4j.api.LoadOptions;
import io.github.hiera4j.cli.options.LoadingOptions;
import io.github.hiera4j.cli.options.WrongCallException;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The model to inspect, and how to load it. */
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

    /** Returns the options of a command that shows intermediate results, for which all files need one size. */
    LoadOptions insideOptions() {
        WrongCallException.checkCall(
                loading.size.inputSize().kind() != InputSize.Kind.NATIVE,
                "this command needs one size for all files: expected --size such as 384 or 256x320, got native");
        return loadOptions();
    }
}
