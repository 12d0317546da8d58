package io.github.hiera4j.api;

import io.github.hiera4j.media.preprocess.ImagePreprocess;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.tensor.DType;
import java.util.List;

/** A loaded model: its configuration, how it computes, and how its inputs are prepared. */
public abstract sealed class HieraModel implements AutoCloseable permits HieraBackbone, HieraClassifier {
    private final LoadedModel model;

    HieraModel(LoadedModel model) {
        this.model = model;
    }

    LoadedModel model() {
        return model;
    }

    /** {@return the configuration of the network} */
    public HieraConfig config() {
        return model.config();
    }

    /** {@return the name of the backend that runs it} */
    public String backend() {
        return model.backend();
    }

    /** {@return the element type of the computation} Inputs and results are float32 whatever it is. */
    public DType dtype() {
        return model.dtype();
    }

    /**
     * Remarks on how the model was loaded, for example on which samples int8 was calibrated.
     *
     * @return one line each; often none
     */
    public List<String> notes() {
        return model.notes();
    }

    /**
     * {@return how images are prepared} Its {@code apply} gives what the methods of an image model that read prepared pixels take, such
     * as {@link HieraBackbone#embeddings}.
     */
    public ImagePreprocess preprocess() {
        return model.views().images();
    }

    /** {@return how inputs are read by default} The clips are those that the checkpoint names, else {@link ReadOptions#DEFAULT}. */
    public ReadOptions readOptions() {
        return model.readOptions();
    }

    /** {@return bytes of native memory held between calls} */
    public long nativeBytes() {
        return model.nativeBytes();
    }

    /**
     * Frees the native memory. Asynchronous calls that have not started fail; later calls fail. For calls in progress see the
     * backend's {@link io.github.hiera4j.model.backend.Session#close}.
     */
    @Override
    public void close() {
        model.close();
    }
}
