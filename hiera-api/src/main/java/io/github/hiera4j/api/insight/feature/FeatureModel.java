package io.github.hiera4j.api.insight.feature;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.api.EncoderGraph;
import io.github.hiera4j.api.HieraGraph;
import io.github.hiera4j.api.LoadOptions;
import io.github.hiera4j.api.MediaInput;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.tensor.HostTensor;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Computes one stage's features of pictures and clips. Safe to call from several threads; holds native memory until closed. */
public final class FeatureModel implements AutoCloseable {
    private final HieraGraph model;
    private final int stage;

    private FeatureModel(HieraGraph model, int stage) {
        this.model = model;
        this.stage = stage;
    }

    /**
     * Loads a checkpoint.
     *
     * @param weights a checkpoint of any kind of Hiera
     * @param options the loading options
     * @param stage from 1; null for the last one
     * @return the loaded model
     * @throws io.github.hiera4j.model.HieraException if it cannot be loaded or has no such stage
     */
    public static FeatureModel load(Path weights, LoadOptions options, @Nullable Integer stage) {
        HieraGraph model = HieraGraph.load(
                weights,
                options,
                config -> EncoderGraph.of(config).select(Hiera.stage(chosen(config.encoder(), stage))));
        return new FeatureModel(model, chosen(model.encoder(), stage));
    }

    private static int chosen(HieraConfig config, @Nullable Integer stage) {
        int stages = config.stages().size();
        if (stage != null) {
            check(stage >= 1 && stage <= stages, "the model has stages 1 to %d, got %d", stages, stage);
        }
        return stage == null ? stages : stage;
    }

    /** {@return the network, for preparing views} */
    public HieraGraph model() {
        return model;
    }

    /** {@return the stage whose features are computed, from 1} */
    public int stage() {
        return stage;
    }

    /**
     * Computes the features of an image, or of the middle clip of a video.
     *
     * @param input the image or video
     * @return its features
     */
    public FeatureGrid features(MediaInput input) {
        return features(model.view(input));
    }

    /**
     * Computes the features of a view.
     *
     * @param view normalised pixels {@code [1, 3, (T,) H, W]}
     * @return its features
     */
    public FeatureGrid features(HostTensor view) {
        return FeatureGrid.of(model.run(view, Hiera.stage(stage)).slice(0));
    }

    @Override
    public void close() {
        model.close();
    }
}
