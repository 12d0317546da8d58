package io.github.hiera4j.cli.options;

import io.github.hiera4j.api.InputSize;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every command that can run a model at a size other than its training size. */
public final class SizeOptions {
    @Mixin
    FixedSizeOptions fixed = new FixedSizeOptions();

    @Option(
            names = "--pad",
            description = "Pad unsupported sizes; otherwise they are rejected, and native ones are rounded.")
    boolean pad;

    /** Returns the selected size. */
    public InputSize inputSize() {
        return WrongCallException.check(() -> fixed.inputSize().withPadding(pad));
    }
}
