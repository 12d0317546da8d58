package io.github.hiera4j.cli.options;

import io.github.hiera4j.api.InputSize;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every command that can run a model at another size than it was trained at. */
public final class SizeOptions {
    @Mixin
    FixedSizeOptions fixed = new FixedSizeOptions();

    @Option(
            names = "--pad",
            description = "Pad sizes that the model cannot take; otherwise they are refused, and native ones rounded.")
    boolean pad;

    /** What the options say. */
    public InputSize inputSize() {
        return WrongCallException.check(() -> fixed.inputSize().withPadding(pad));
    }
}
