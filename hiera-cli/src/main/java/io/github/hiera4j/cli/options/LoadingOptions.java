package io.github.hiera4j.cli.options;

import io.github.hiera4j.api.LoadOptions;
import io.github.hiera4j.api.LoadOptionsBuilder;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a model is loaded. */
public final class LoadingOptions {
    @Option(
            names = "--preprocess",
            paramLabel = "RULE",
            description =
                    "checkpoint: as its own configuration says, where it has one; released: as the released models"
                            + " were trained (default: checkpoint).")
    private Preprocess preprocess = Preprocess.CHECKPOINT;

    @Option(names = "--ema", description = "Take the averaged weights of a checkpoint that has both kinds.")
    public boolean ema;

    @Mixin
    public SizeOptions size = new SizeOptions();

    @Mixin
    public EngineOptions engine = new EngineOptions();

    /** Whose rule prepares the images. */
    enum Preprocess {
        CHECKPOINT,
        RELEASED
    }

    /** {@return what results depend on besides the weights, as text} */
    public String settings() {
        return "size=" + size.inputSize() + " preprocess=" + preprocess + " ema=" + ema + " dtype="
                + (engine.isAuto() ? "auto" : engine.compileOptions().dtype());
    }

    /** {@return the options of the library} */
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
