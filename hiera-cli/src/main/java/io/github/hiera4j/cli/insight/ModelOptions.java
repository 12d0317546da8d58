package io.github.hiera4j.cli.insight;

import io.github.hiera4j.api.InputSize;
import io.github.hiera4j.api.LoadOptions;
import io.github.hiera4j.cli.options.LoadingOptions;
import io.github.hiera4j.cli.options.WrongCallException;
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

    /** The options of a command that shows what is computed inside: all files have one size. */
    LoadOptions insideOptions() {
        WrongCallException.checkCall(
                loading.size.inputSize().kind() != InputSize.Kind.NATIVE,
                "looking inside a model needs one size for all files: expected --size as 384 or 256x320, got native");
        return loadOptions();
    }
}
