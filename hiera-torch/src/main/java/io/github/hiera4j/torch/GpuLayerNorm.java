package io.github.hiera4j.torch;

import io.github.hiera4j.torch.cuda.Cuda;
import io.github.hiera4j.torch.cuda.CudaKernel;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Layer normalisation on a GPU without gradient. libtorch's kernel starts 128 threads per row, each for four channels, of which rows of 96
 * to 384 channels occupy a fraction; this one starts 32.
 */
final class GpuLayerNorm {
    private static final int THREADS = 256;
    private static final int THREADS_OF_A_ROW = 32;
    private static final System.Logger LOG = System.getLogger(GpuLayerNorm.class.getName());
    private static final Map<Variant, Optional<CudaKernel>> KERNELS = new ConcurrentHashMap<>();

    private GpuLayerNorm() {}

    private record Variant(int device, String type) {}

    /**
     * Normalises rows, then scales and shifts each channel.
     *
     * @param x {@code [..., C]}
     * @param weight {@code [C]}
     * @param bias {@code [C]}
     * @param epsilon added to the variance
     * @return a new tensor like {@code x}; empty if libtorch has to compute it
     */
    static Optional<Tensor> compute(Tensor x, Tensor weight, Tensor bias, double epsilon) {
        return kernel(x, weight, bias).map(kernel -> {
            long channels = weight.size(0);
            long rows = x.numel() / channels;
            Tensor result = torch.empty_like(x);
            long rowsOfABlock = THREADS / THREADS_OF_A_ROW;
            kernel.launch(
                    (rows + rowsOfABlock - 1) / rowsOfABlock,
                    THREADS,
                    x.data_ptr().address(),
                    weight.data_ptr().address(),
                    bias.data_ptr().address(),
                    result.data_ptr().address(),
                    rows,
                    channels / 4,
                    Float.floatToRawIntBits((float) epsilon));
            return result;
        });
    }

    private static Optional<CudaKernel> kernel(Tensor x, Tensor weight, Tensor bias) {
        boolean fits = x.is_cuda()
                && x.is_contiguous()
                && x.numel() > 0
                && isRow(weight, x)
                && isRow(bias, x)
                && x.size(-1) % 4 == 0
                && Cuda.hasBindings();
        if (!fits) {
            return Optional.empty();
        }
        return switch (x.scalar_type().intern()) {
            case Float -> kernel(x, "FLOAT32");
            case Half -> kernel(x, "FLOAT16");
            case BFloat16 -> kernel(x, "BFLOAT16");
            default -> Optional.empty();
        };
    }

    private static boolean isRow(Tensor parameter, Tensor x) {
        return parameter.is_cuda()
                && parameter.dim() == 1
                && parameter.size(0) == x.size(-1)
                && parameter.is_contiguous()
                && parameter.scalar_type().intern() == x.scalar_type().intern()
                && isAligned(parameter)
                && isAligned(x);
    }

    /** Returns whether four elements can be read together. */
    private static boolean isAligned(Tensor x) {
        return x.data_ptr().address() % (4L * x.element_size()) == 0;
    }

    private static Optional<CudaKernel> kernel(Tensor x, String type) {
        return KERNELS.computeIfAbsent(new Variant(x.device().index(), type), GpuLayerNorm::compile);
    }

    private static Optional<CudaKernel> compile(Variant variant) {
        try {
            return Optional.of(CudaKernel.compile(variant.device(), "layer_norm.cu", "layerNorm", variant.type()));
        } catch (RuntimeException | LinkageError unavailable) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "layer norms are computed with a slower kernel: {0}",
                    unavailable.getMessage());
            return Optional.empty();
        }
    }
}
