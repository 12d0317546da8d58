package io.github.hiera4j.model.sam;

import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The inputs of the mask decoder for one image: the outputs of {@link Sam2ImageEncoder}, each with a leading axis of 1.
 *
 * @param embedding {@code [1, h·w, dim]}
 * @param highResolution0 {@code [1, 4h, 4w, dim / 8]}
 * @param highResolution1 {@code [1, 2h, 2w, dim / 4]}
 */
public record ImageFeatures(HostTensor embedding, HostTensor highResolution0, HostTensor highResolution1) {

    static ImageFeatures of(Map<String, HostTensor> outputs) {
        return new ImageFeatures(
                output(outputs, Sam2ImageEncoder.EMBEDDING),
                output(outputs, Sam2ImageEncoder.HIGH_RESOLUTION_0),
                output(outputs, Sam2ImageEncoder.HIGH_RESOLUTION_1));
    }

    /** Converts to float32, the type of session inputs, because an engine may compute in float64. */
    private static HostTensor output(Map<String, HostTensor> outputs, String name) {
        return Objects.requireNonNull(outputs.get(name)).to(DType.FLOAT32);
    }

    /** {@return the number of bytes of all three tensors} */
    public long bytes() {
        return (long) embedding.byteSize() + highResolution0.byteSize() + highResolution1.byteSize();
    }

    Map<String, HostTensor> feeds() {
        Map<String, HostTensor> feeds = new LinkedHashMap<>();
        feeds.put(Sam2ImageEncoder.EMBEDDING, embedding);
        feeds.put(Sam2ImageEncoder.HIGH_RESOLUTION_0, highResolution0);
        feeds.put(Sam2ImageEncoder.HIGH_RESOLUTION_1, highResolution1);
        return feeds;
    }
}
