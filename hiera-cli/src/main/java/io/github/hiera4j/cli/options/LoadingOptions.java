package io.github.hiera4j.cli.options;

import io.github.hiera4j.api.LoadOptions;
import io.github.hiera4j.api.LoadOptionsBuilder;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options for loading a model. */
public final class LoadingOptions {
    @Option(
            names = "--preprocess",
            paramLabel = "RULE",
            description = "checkpoint: as its configuration says, if it has one; released: as the released models"
                    + " were trained (default: checkpoint).")
    private Preprocess preprocess = Preprocess.CHECKPOINT;

    @Option(names = "--ema", description = "Use the averaged weights of a checkpoint that contains both kinds.")
    public boolean ema;

    @Mixin
    public SizeOptions size = new SizeOptions();

    @Mixin
    public EngineOptions engine = new EngineOptions();

    /** The preprocessing rule for images. */
    enum Preprocess {
        CHECKPOINT,
        RELEASED
    }

    /** {@return the settings, besides the weights, that determine results, as text} */
    public String settings() {
        return "size=" + size.inputSize() + " preprocess=" + preprocess + " ema=" + ema + " dtype="
                + (engine.isAuto() ? "auto" : engine.compileOptions().dtype());
    }

    /** {@return the loading options for the library} */
    public LoadOptions loadOptions() {
        LoadOptionsBuilder options = engine.loadOptions().size(size.inputSize());
        if (preprocess == Preprocess.RELEASED) {
            options.releasedPreprocessing();
        }
        if (ema) {
            options.averagedWeights();
        }
        return options.build();
    }
}
