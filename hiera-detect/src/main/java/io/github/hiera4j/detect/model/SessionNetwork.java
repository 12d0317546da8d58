package io.github.hiera4j.detect.model;

import io.github.hiera4j.detect.network.MaskRcnn;
import io.github.hiera4j.detect.network.MaskRcnnConfig;
import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.List;
import java.util.Map;

/** A detector's graphs as sessions of an engine. Thread-safe; holds native memory until it is closed. */
public final class SessionNetwork implements DetectionNetwork, AutoCloseable {
    private final Session pyramid;
    private final Session heads;

    private SessionNetwork(Session pyramid, Session heads) {
        this.pyramid = pyramid;
        this.heads = heads;
    }

    /**
     * Compiles both graphs. The heads are always in float32 because boxes require it.
     *
     * @param config the settings of the detector
     * @param weights the parameters by official name
     * @param backend the backend
     * @param options precision, device and threads
     * @return the networks; the caller closes them
     */
    public static SessionNetwork compile(
            MaskRcnnConfig config, WeightSource weights, Backend backend, CompileOptions options) {
        MaskRcnn network = new MaskRcnn(config);
        boolean half = options.dtype() == DType.BFLOAT16 || options.dtype() == DType.FLOAT16;
        Session pyramid = backend.compile(network.pyramidGraph().select(MaskRcnn.pyramidOutputs()), weights, options);
        try {
            CompileOptions exact = half ? options.withDtype(DType.FLOAT32) : options;
            return new SessionNetwork(pyramid, backend.compile(network.headGraph(), weights, exact));
        } catch (RuntimeException | Error failure) {
            pyramid.close();
            throw failure;
        }
    }

    @Override
    public Map<String, HostTensor> pyramid(HostTensor pixels) {
        return pyramid.run(Map.of(HieraEncoder.INPUT, pixels), MaskRcnn.pyramidOutputs());
    }

    @Override
    public Map<String, HostTensor> heads(Map<String, HostTensor> feeds, List<String> outputs) {
        return heads.run(feeds, outputs);
    }

    /** {@return the bytes of native memory held between runs; 0 once closed} */
    public long nativeBytes() {
        return pyramid.nativeBytes() + heads.nativeBytes();
    }

    @Override
    public void close() {
        pyramid.close();
        heads.close();
    }
}
