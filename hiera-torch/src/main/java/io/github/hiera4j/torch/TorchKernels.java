package io.github.hiera4j.torch;

import io.github.hiera4j.model.graph.Activation;
import io.github.hiera4j.model.graph.Kernels;
import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.torch.attention.PooledAttention;
import io.github.hiera4j.torch.attention.WindowAttention;
import io.github.hiera4j.torch.kernel.LinearProducts;
import io.github.hiera4j.torch.operator.SlicePooling;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Computes every operation of the graph with libtorch.
 *
 * <p>Used for one run; the given scope owns the tensors. Losses and probabilities are computed in float32 for every element
 * type of the tensors.
 */
public final class TorchKernels implements Kernels<Tensor> {
    private final TensorScope scope;
    private final ScalarType type;
    private final Device device;
    private final @Nullable RandomSource random;
    private final @Nullable Function<Op.Constant, Tensor> constants;

    /**
     * Creates kernels for inference graphs, which need no random numbers.
     *
     * @param scope owns the results
     * @param type element type of the weights and of constants
     * @param device the device of constants
     */
    public TorchKernels(TensorScope scope, ScalarType type, Device device) {
        this(scope, type, device, null, null);
    }

    /**
     * Creates kernels for inference graphs whose constants are in libtorch's memory already.
     *
     * @param scope owns the results
     * @param type element type of the weights and of constants
     * @param device the device of constants
     * @param constants returns a new handle of a constant's tensor
     */
    TorchKernels(TensorScope scope, ScalarType type, Device device, Function<Op.Constant, Tensor> constants) {
        this(scope, type, device, null, constants);
    }

    /**
     * Creates kernels for training graphs.
     *
     * @param scope owns the results
     * @param type element type of the weights and of constants
     * @param device the device of constants
     * @param random the random numbers of drop path and dropout; null for inference
     */
    public TorchKernels(TensorScope scope, ScalarType type, Device device, @Nullable RandomSource random) {
        this(scope, type, device, random, null);
    }

    private TorchKernels(
            TensorScope scope,
            ScalarType type,
            Device device,
            @Nullable RandomSource random,
            @Nullable Function<Op.Constant, Tensor> constants) {
        this.scope = scope;
        this.type = type;
        this.device = device;
        this.random = random;
        this.constants = constants;
    }

    @Override
    public Tensor constant(Op.Constant op) {
        return constants == null ? scope.own(NativeTensors.copyOf(op.value(), device, type)) : constants.apply(op);
    }

    @Override
    public Tensor convolution(Op.Convolution op, Tensor x, Tensor weight, Tensor bias) {
        long[] stride = NativeTensors.longs(op.stride());
        long[] padding = NativeTensors.longs(op.padding());
        long[] dilation = NativeTensors.ones(stride.length);
        TensorOptional offset = new TensorOptional(bias);
        return scope.own(
                switch (stride.length) {
                    case 1 -> torch.conv1d(x, weight, offset, stride, padding, dilation, 1);
                    case 2 -> torch.conv2d(x, weight, offset, stride, padding, dilation, 1);
                    default -> torch.conv3d(x, weight, offset, stride, padding, dilation, 1);
                });
    }

    @Override
    public Tensor linear(Op.Linear op, Tensor x, Tensor weight, @Nullable Tensor bias) {
        Tensor result = scope.own(LinearProducts.forward(x, weight, bias));
        if (op.activation() == Activation.NONE) {
            return result;
        }
        Tensor activated = scope.own(torch.gelu(result));
        scope.release(result);
        return activated;
    }

    /** Rounds the float32 result of a depthwise convolution to the type of the run. */
    @Override
    public Tensor layerNorm(Op.LayerNorm op, Tensor x, Tensor weight, Tensor bias) {
        if (isHalf(weight) && !isHalf(x)) {
            return computed(
                    () -> Normalizations.layerNorm(op, x, NativeTensors.inFull(weight), NativeTensors.inFull(bias))
                            .to(type));
        }
        return scope.own(GpuLayerNorm.compute(x, weight, bias, op.epsilon())
                .orElseGet(() -> Normalizations.layerNorm(op, x, weight, bias)));
    }

    @Override
    public Tensor standardize(Op.Standardize op, Tensor x) {
        return computed(() -> Normalizations.standardize(op, NativeTensors.inFull(x)));
    }

    @Override
    public Tensor add(Op.Add op, Tensor left, Tensor right) {
        return scope.own(left.add(right));
    }

    @Override
    public Tensor multiply(Op.Multiply op, Tensor left, Tensor right) {
        return scope.own(left.mul(right));
    }

    @Override
    public Tensor reshape(Op.Reshape op, Tensor x) {
        Tensor result = x.reshape(NativeTensors.sizes(op.shape()));
        return result.is_alias_of(x) ? result : scope.own(result);
    }

    @Override
    public Tensor permute(Op.Permute op, Tensor x) {
        return x.permute(NativeTensors.longs(op.order()));
    }

    @Override
    public Tensor slice(Op.Slice op, Tensor x) {
        return x.narrow(op.axis(), op.start(), op.length());
    }

    @Override
    public Tensor concat(Op.Concat op, List<Tensor> inputs) {
        long batch = inputs.stream().mapToLong(input -> input.size(0)).max().orElseThrow();
        TensorVector parts = new TensorVector();
        for (Tensor input : inputs) {
            parts.push_back(input.size(0) == batch ? input : repeatOverBatch(input, batch));
        }
        return scope.own(torch.cat(parts, op.axis()));
    }

    private static Tensor repeatOverBatch(Tensor x, long batch) {
        long[] sizes = new long[(int) x.dim()];
        Arrays.fill(sizes, -1); // -1 keeps the size of an axis
        sizes[0] = batch;
        return x.expand(sizes);
    }

    @Override
    public Tensor max(Op.Max op, Tensor x) {
        return scope.own(SlicePooling.max(x, op.axis()));
    }

    @Override
    public Tensor mean(Op.Mean op, Tensor x) {
        return scope.own(x.mean(op.axis()));
    }

    @Override
    public Tensor attention(Op.Attention op, Tensor qkv) {
        return computed(() -> WindowAttention.attend(op, qkv));
    }

    @Override
    public Tensor pooledAttention(Op.PooledAttention op, Tensor q, Tensor k, Tensor v) {
        return computed(() -> PooledAttention.attend(op, q, k, v));
    }

    /** Computes in float32 and returns float32: the LayerNorm over few channels that follows would amplify rounding errors. */
    @Override
    public Tensor depthwiseConvolution(Op.DepthwiseConvolution op, Tensor x, Tensor weight) {
        return computed(() -> isHalf(x)
                ? SlidingWindows.convolve(op, NativeTensors.inFull(x), weight.to(ScalarType.Float))
                : SlidingWindows.convolve(op, x, weight));
    }

    @Override
    public Tensor maxPool(Op.MaxPool op, Tensor x) {
        return computed(() -> SlidingWindows.largest(op, x).result());
    }

    @Override
    public Tensor gatherTokens(Op.GatherTokens op, Tensor x, Tensor index) {
        return computed(() -> x.gather(1, index.unsqueeze(2).expand(-1, -1, x.size(2))));
    }

    @Override
    public Tensor softmax(Op.Softmax op, Tensor x) {
        ScalarTypeOptional precision = isHalf(x) ? new ScalarTypeOptional(ScalarType.Float) : new ScalarTypeOptional();
        return scope.own(x.softmax(-1, precision));
    }

    @Override
    public Tensor elementwise(Op.Elementwise op, Tensor x) {
        return scope.own(
                switch (op.function()) {
                    case GELU -> torch.gelu(x);
                    case RELU -> x.relu();
                    case SIGMOID -> x.sigmoid();
                    case SINE -> x.sin();
                    case COSINE -> x.cos();
                    case INVERSE_SQUARE_ROOT -> x.rsqrt();
                });
    }

    @Override
    public Tensor matrixProduct(Op.MatrixProduct op, Tensor left, Tensor right) {
        return computed(() -> inType(left).matmul(inType(right)));
    }

    /**
     * Converts a tensor to the element type of this run. A softmax always returns float32.
     *
     * @param x the tensor
     * @return the same tensor if it has the type, otherwise a converted copy
     */
    public Tensor inType(Tensor x) {
        return x.scalar_type() == type ? x : x.to(type);
    }

    @Override
    public Tensor roiAlign(Op.RoiAlign op, List<Tensor> maps, Tensor boxes) {
        return computed(() -> new RoiPooling(op, maps, boxes).pool(maps));
    }

    @Override
    public Tensor dropPath(Op.DropPath op, Tensor x) {
        Tensor factors = dropPathFactors(op, x);
        Tensor result = scope.own(x.mul(factors));
        scope.release(factors);
        return result;
    }

    /**
     * Draws the factor of each sample: 0 or 1 / (1 - rate).
     *
     * @param op the operation, which has the rate
     * @param x the tensor to be multiplied
     * @return the factors
     */
    public Tensor dropPathFactors(Op.DropPath op, Tensor x) {
        long[] perSample = NativeTensors.ones((int) x.dim());
        perSample[0] = x.size(0);
        return dropFactors(perSample, op.rate(), x);
    }

    /**
     * Draws the factor of each element: 0 or 1 / (1 - rate).
     *
     * @param op the operation, which has the rate
     * @param x the tensor to be multiplied
     * @return the factors
     */
    public Tensor dropoutFactors(Op.Dropout op, Tensor x) {
        return dropFactors(x.sizes().vec().get(), op.rate(), x);
    }

    private Tensor dropFactors(long[] sizes, double rate, Tensor x) {
        RandomSource source = random;
        if (source == null) {
            throw new IllegalStateException("a graph for training needs a source of random numbers");
        }
        return computed(() -> source.dropFactors(sizes, rate, x));
    }

    @Override
    public Tensor dropout(Op.Dropout op, Tensor x) {
        Tensor factors = dropoutFactors(op, x);
        Tensor result = scope.own(x.mul(factors));
        scope.release(factors);
        return result;
    }

    @Override
    public Tensor meanSquaredError(Op.MeanSquaredError op, Tensor prediction, Tensor target) {
        return computed(() -> Losses.meanSquaredError(NativeTensors.inFull(prediction), NativeTensors.inFull(target)));
    }

    @Override
    public Tensor smoothL1(Op.SmoothL1 op, Tensor prediction, Tensor target, Tensor weight) {
        return computed(() -> Losses.smoothL1(
                op, NativeTensors.inFull(prediction), NativeTensors.inFull(target), NativeTensors.inFull(weight)));
    }

    @Override
    public Tensor binaryCrossEntropy(Op.BinaryCrossEntropy op, Tensor logits, Tensor target, Tensor weight) {
        return computed(() -> Losses.binaryCrossEntropy(
                NativeTensors.inFull(logits), NativeTensors.inFull(target), NativeTensors.inFull(weight)));
    }

    @Override
    public Tensor crossEntropy(Op.CrossEntropy op, Tensor logits, Tensor target) {
        return computed(() -> Losses.crossEntropy(NativeTensors.inFull(logits), NativeTensors.inFull(target)));
    }

    /** Runs several steps of libtorch; only their result stays, in the scope of this run. */
    private Tensor computed(Supplier<Tensor> steps) {
        try (TensorScope inner = new TensorScope()) {
            return scope.adopt(inner, steps.get());
        }
    }

    @Override
    public void release(Tensor tensor) {
        scope.release(tensor);
    }

    private static boolean isHalf(Tensor x) {
        return x.element_size() == 2;
    }
}
