package io.github.hiera4j.spark.executor;

import io.github.hiera4j.api.InputSize;
import io.github.hiera4j.api.LoadOptionsBuilder;
import io.github.hiera4j.model.network.PositionResizing;
import java.io.Serializable;

/**
 * Settings for loading an encoder.
 *
 * @param size the input size as text; empty: the model's
 * @param frames frames of a clip; 0: the model's
 * @param pad whether sizes that the model does not support are padded
 * @param antialiasPositions whether position embeddings are resized with antialiasing
 * @param releasedPreprocessing whether images are prepared as for the released models
 * @param averagedWeights whether averaged weights are used
 */
public record EncoderSettings(
        String size,
        int frames,
        boolean pad,
        boolean antialiasPositions,
        boolean releasedPreprocessing,
        boolean averagedWeights)
        implements Serializable {
    /** The model's own settings. */
    public static final EncoderSettings DEFAULT = new EncoderSettings("", 0, false, false, false, false);

    void addTo(LoadOptionsBuilder options) {
        InputSize input = size.isEmpty() ? InputSize.OWN : InputSize.parse(size);
        options.size(input.withFrames(frames)
                .withPadding(pad)
                .withResizing(antialiasPositions ? PositionResizing.ANTIALIAS : PositionResizing.BICUBIC));
        if (releasedPreprocessing) {
            options.releasedPreprocessing();
        }
        if (averagedWeights) {
            options.averagedWeights();
        }
    }
}
