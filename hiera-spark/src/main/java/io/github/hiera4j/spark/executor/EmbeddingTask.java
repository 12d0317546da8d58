package io.github.hiera4j.spark.executor;

import io.github.hiera4j.api.HieraBackbone;
import java.util.stream.Stream;

/**
 * Computes embeddings.
 *
 * @param spec the model
 * @param views settings for reading files
 * @param normalize whether vectors are scaled to length 1
 */
public record EmbeddingTask(ModelSpec spec, ViewSettings views, boolean normalize) implements MediaTask {
    @Override
    public int ahead() {
        return views.ahead();
    }

    @Override
    public Stream<MediaRow> run(SharedModels.Lease model, Stream<Medium> media) {
        HieraBackbone backbone = model.model(HieraBackbone.class);
        return backbone.embedInputs(media.map(Medium::input), views.of(backbone.readOptions()))
                .map(result -> MediaRow.of(result, vector -> new Object[] {scaled(vector)}));
    }

    private float[] scaled(float[] vector) {
        return normalize ? HieraBackbone.unit(vector) : vector;
    }
}
