package io.github.hiera4j.api;

import io.github.hiera4j.media.preprocess.ImagePreprocess;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.tensor.DType;
import java.util.List;

/** A loaded model: its configuration, its backend, and the preprocessing of its inputs. */
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

    /** {@return the element type of the computation} Inputs and results are always float32. */
    public DType dtype() {
        return model.dtype();
    }

    /**
     * Returns remarks about the loading, for example the samples on which int8 was calibrated.
     *
     * @return one line each; often none
     */
    public List<String> notes() {
        return model.notes();
    }

    /**
     * {@return the preprocessing of images} Its {@code apply} returns prepared pixels for methods such as {@link HieraBackbone#embeddings}.
     */
    public ImagePreprocess preprocess() {
        return model.views().images();
    }

    /** {@return the default read options} The clips are those of the checkpoint if it has any, otherwise {@link ReadOptions#DEFAULT}. */
    public ReadOptions readOptions() {
        return model.readOptions();
    }

    /** {@return the bytes of native memory held between calls} */
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
