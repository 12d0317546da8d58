package io.github.hiera4j.cli.options;

import io.github.hiera4j.api.InputSize;
import io.github.hiera4j.model.network.PositionResizing;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The input size of a model, for commands in which all inputs have the same size. */
public final class FixedSizeOptions {
    @Option(
            names = "--size",
            paramLabel = "SIZE",
            description =
                    "Input size: 384, 256x320 (height x width), native (the size of the file, at most 1024 along the"
                            + " longest side) or native:N (default: the model's).")
    @Nullable
    String size;

    @Option(names = "--frames", paramLabel = "N", description = "Frames per clip (default: the model's).")
    int frames;

    @Option(
            names = "--resize-positions",
            paramLabel = "RULE",
            description = "Resizing of position embeddings: bicubic, or antialias as in timm (default: bicubic).")
    Rule rule = Rule.BICUBIC;

    /** The rule for resizing position embeddings. */
    public enum Rule {
        BICUBIC(PositionResizing.BICUBIC),
        ANTIALIAS(PositionResizing.ANTIALIAS);

        private final PositionResizing resizing;

        Rule(PositionResizing resizing) {
            this.resizing = resizing;
        }
    }

    /** Returns the selected size, without padding. */
    public InputSize inputSize() {
        return WrongCallException.check(() -> {
            InputSize parsed = size == null ? InputSize.OWN : InputSize.parse(size);
            return parsed.withFrames(frames).withResizing(rule.resizing);
        });
    }
}
