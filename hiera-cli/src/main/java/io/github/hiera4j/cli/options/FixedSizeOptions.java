package io.github.hiera4j.cli.options;

import io.github.hiera4j.api.InputSize;
import io.github.hiera4j.model.network.PositionResizing;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The size of a model's input, where all inputs have the same. */
public final class FixedSizeOptions {
    @Option(
            names = "--size",
            paramLabel = "SIZE",
            description = "Input size: 384, 256x320 (height x width), native (the file's own, its longest side at most"
                    + " 1024) or native:N (default: the model's).")
    @Nullable
    String size;

    @Option(names = "--frames", paramLabel = "N", description = "Frames of a clip (default: the model's).")
    int frames;

    @Option(
            names = "--resize-positions",
            paramLabel = "RULE",
            description = "bicubic, or antialias as timm does (default: bicubic).")
    Rule rule = Rule.BICUBIC;

    /** How position embeddings are resized. */
    public enum Rule {
        BICUBIC(PositionResizing.BICUBIC),
        ANTIALIAS(PositionResizing.ANTIALIAS);

        private final PositionResizing resizing;

        Rule(PositionResizing resizing) {
            this.resizing = resizing;
        }
    }

    /** What the options say, without padding. */
    public InputSize inputSize() {
        return WrongCallException.check(() -> {
            InputSize parsed = size == null ? InputSize.OWN : InputSize.parse(size);
            return parsed.withFrames(frames).withResizing(rule.resizing);
        });
    }
}
