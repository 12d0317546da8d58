package io.github.hiera4j.torch;

import static io.github.hiera4j.model.Check.checkSupported;

import io.github.hiera4j.model.backend.Availability;
import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.natives.NativeDefaults;
import io.github.hiera4j.torch.kernel.LinearProducts;
import java.util.List;
import org.bytedeco.pytorch.global.torch;

/** libtorch: any configuration, every precision, CPU and CUDA. */
public final class TorchBackend implements Backend {
    @Override
    public String name() {
        return "torch";
    }

    @Override
    public int priority() {
        return 50;
    }

    @Override
    public Availability availability() {
        try {
            NativeDefaults.load(torch.class);
            String devices = torch.cuda_is_available() ? "cpu, cuda" : "cpu";
            return Availability.usable(
                    "libtorch, " + devices + ", " + torch.get_cpu_capability().getString());
        } catch (LinkageError | RuntimeException failure) {
            return Availability.unusable("libtorch's native libraries cannot be loaded: " + failure.getMessage());
        }
    }

    @Override
    public Availability supports(CompileOptions options) {
        return options.dtype() == DType.INT8
                ? Availability.unusable("computes in floating point, not in int8")
                : availability();
    }

    /** bfloat16 if GPU or processor have instructions for it, then float32. */
    @Override
    public List<DType> typesBySpeed(String device) {
        boolean isFastInBfloat16 = device.equals("cpu")
                ? LinearProducts.haveFastBfloat16()
                : availability().usable();
        return isFastInBfloat16 ? List.of(DType.BFLOAT16, DType.FLOAT32) : List.of(DType.FLOAT32);
    }

    @Override
    public Session compile(Graph graph, WeightSource weights, CompileOptions options) {
        checkSupported(
                options.dtype() != DType.INT8,
                "backend 'torch' computes in floating point, not in int8: use backend 'onednn' for int8");
        return new TorchSession(graph, weights, options);
    }
}
