package io.github.hiera4j.torch;

import io.github.hiera4j.model.backend.Availability;
import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.testing.TestedDevice;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.torch.cuda.Cuda;
import org.bytedeco.pytorch.global.torch;

/** libtorch on the {@linkplain TestedDevice tested device}. */
public final class TestedTorch implements Backend {
    /** {@return whether there is a GPU, and the class path has libtorch and CUDA for it} */
    public static boolean hasGpu() {
        return new TorchBackend().availability().usable() && torch.cuda_is_available() && Cuda.hasBindings();
    }

    private final TorchBackend backend = new TorchBackend();

    @Override
    public String name() {
        return backend.name();
    }

    @Override
    public int priority() {
        return backend.priority();
    }

    @Override
    public Availability availability() {
        return backend.availability();
    }

    @Override
    public Availability supports(CompileOptions options) {
        return backend.supports(options);
    }

    @Override
    public Session compile(Graph graph, WeightSource weights, CompileOptions options) {
        return backend.compile(graph, weights, options.withDevice(TestedDevice.NAME));
    }
}
