package io.github.hiera4j.torch;

import io.github.hiera4j.model.graph.Activation;
import io.github.hiera4j.model.graph.Kernels;
import io.github.hiera4j.model.graph.Op;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Every operation of the graph in libtorch's terms.
 *
 * <p>Serves one run: tensors belong to the scope it was given. Losses and probabilities are computed in float32 whatever the
 * tensors are.
 */
public final class TorchKernels implements Kernels<Tensor> {
    private final TensorScope scope;
    private final ScalarType type;
    private final Device device;
    private final @Nullable RandomSource random;

    /**
     * Kernels of inference graphs: nothing in them is random.
     *
     * @param scope owns what the kernels make
     * @param type element type of constants, as of the weights
     * @param device where constants go
     */
    public TorchKernels(TensorScope scope, ScalarType type, Device device) {
        this(scope, type, device, null);
    }

    /**
     * Kernels of training graphs.
     *
     * @param scope owns the results
     * @param type the element type in libtorch
     * @param device where the tensor lies
     * @param random what drop path and dropout draw from
     */
    public TorchKernels(TensorScope scope, ScalarType type, Device device, @Nullable RandomSource random) {
        this.scope = scope;
        this.type = type;
        this.device = device;
        this.random = random;
    }

    @Override
    public Tensor constant(Op.Constant op) {
        return scope.own(NativeTensors.copyOf(op.value(), device, type));
    }

    @Override
    public Tensor convolution(Op.Convolution op, Tensor x, Tensor weight, Tensor bias) {
        long[] stride = longs(op.stride());
        long[] padding = longs(op.padding());
        long[] dilation = ones(stride.length);
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
        TensorOptional offset = bias == null ? new TensorOptional() : new TensorOptional(bias);
        Tensor result = scope.own(torch.linear(x, weight, offset));
        if (op.activation() == Activation.NONE) {
            return result;
        }
        Tensor activated = scope.own(torch.gelu(result));
        scope.release(result);
        return activated;
    }

    /** What a depthwise convolution gave in float32 is rounded here, once. */
    @Override
    public Tensor layerNorm(Op.LayerNorm op, Tensor x, Tensor weight, Tensor bias) {
        long[] channels = {weight.size(0)};
        if (isHalf(weight) && !isHalf(x)) {
            try (TensorScope inner = new TensorScope()) {
                Tensor normed = torch.layer_norm(
                        x,
                        channels,
                        new TensorOptional(weight.to(ScalarType.Float)),
                        new TensorOptional(bias.to(ScalarType.Float)),
                        op.epsilon(),
                        false);
                return scope.adopt(inner, normed.to(type));
            }
        }
        return scope.own(torch.layer_norm(
                x, channels, new TensorOptional(weight), new TensorOptional(bias), op.epsilon(), false));
    }

    @Override
    public Tensor standardize(Op.Standardize op, Tensor x) {
        try (TensorScope inner = new TensorScope()) {
            Tensor values = isHalf(x) ? x.to(ScalarType.Float) : x;
            long[] last = {-1};
            Tensor mean = values.mean(last, true, new ScalarTypeOptional());
            Tensor variance = torch.var(values, last, true, true);
            Tensor deviation = variance.add_(new Scalar(op.epsilon())).sqrt_();
            Tensor result = values.sub(mean).div_(deviation);
            return scope.adopt(inner, result);
        }
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
        return x.permute(longs(op.order()));
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
        Arrays.fill(sizes, -1); // -1 keeps an axis as it is
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
        try (TensorScope inner = new TensorScope()) {
            return scope.adopt(inner, WindowAttention.attend(op, qkv));
        }
    }

    @Override
    public Tensor pooledAttention(Op.PooledAttention op, Tensor q, Tensor k, Tensor v) {
        try (TensorScope inner = new TensorScope()) {
            return scope.adopt(inner, PooledAttention.forward(op, q, k, v).result());
        }
    }

    /**
     * In float32, which it gives: a LayerNorm over few channels follows, which magnifies what is rounded before it.
     */
    @Override
    public Tensor depthwiseConvolution(Op.DepthwiseConvolution op, Tensor x, Tensor weight) {
        try (TensorScope inner = new TensorScope()) {
            return scope.adopt(
                    inner,
                    isHalf(x)
                            ? SlidingWindows.convolve(op, x.to(ScalarType.Float), weight.to(ScalarType.Float))
                            : SlidingWindows.convolve(op, x, weight));
        }
    }

    @Override
    public Tensor maxPool(Op.MaxPool op, Tensor x) {
        try (TensorScope inner = new TensorScope()) {
            return scope.adopt(inner, SlidingWindows.largest(op, x).result());
        }
    }

    @Override
    public Tensor gatherTokens(Op.GatherTokens op, Tensor x, Tensor index) {
        try (TensorScope inner = new TensorScope()) {
            Tensor perChannel = index.unsqueeze(2).expand(-1, -1, x.size(2));
            return scope.adopt(inner, x.gather(1, perChannel));
        }
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
        try (TensorScope inner = new TensorScope()) {
            return scope.adopt(inner, inType(left).matmul(inType(right)));
        }
    }

    /**
     * In the element type of this run: a softmax gives float32 whatever it is.
     *
     * @param x the tensor
     * @return the tensor
     */
    public Tensor inType(Tensor x) {
        return x.scalar_type() == type ? x : x.to(type);
    }

    @Override
    public Tensor roiAlign(Op.RoiAlign op, List<Tensor> maps, Tensor boxes) {
        try (TensorScope inner = new TensorScope()) {
            return scope.adopt(inner, new RoiPooling(op, maps, boxes).pool(maps));
        }
    }

    @Override
    public Tensor dropPath(Op.DropPath op, Tensor x) {
        Tensor factors = dropPathFactors(op, x);
        Tensor result = scope.own(x.mul(factors));
        scope.release(factors);
        return result;
    }

    /**
     * What each sample is multiplied with: 0 or 1 / (1 - rate), drawn for every run.
     *
     * @param op the operation with its settings
     * @param x the tensor
     * @return the factors
     */
    public Tensor dropPathFactors(Op.DropPath op, Tensor x) {
        long[] perSample = ones((int) x.dim());
        perSample[0] = x.size(0);
        return dropFactors(perSample, op.rate(), x);
    }

    /**
     * What each element is multiplied with: 0 or 1 / (1 - rate), drawn for every run.
     *
     * @param op the operation with its settings
     * @param x the tensor
     * @return the factors
     */
    public Tensor dropoutFactors(Op.Dropout op, Tensor x) {
        return dropFactors(x.sizes().vec().get(), op.rate(), x);
    }

    private Tensor dropFactors(long[] sizes, double rate, Tensor x) {
        if (random == null) {
            throw new IllegalStateException("a graph for training needs a source of random numbers");
        }
        try (TensorScope inner = new TensorScope()) {
            return scope.adopt(inner, random.dropFactors(sizes, rate, x));
        }
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
        try (TensorScope inner = new TensorScope()) {
            Tensor loss = torch.mse_loss(inFull(prediction), inFull(target));
            return scope.adopt(inner, loss.reshape(1));
        }
    }

    @Override
    public Tensor smoothL1(Op.SmoothL1 op, Tensor prediction, Tensor target, Tensor weight) {
        try (TensorScope inner = new TensorScope()) {
            Tensor distance = inFull(prediction).sub(inFull(target)).abs();
            // With d the part of the distance up to beta: d² / (2 · beta) + distance - d
            Tensor near = distance.clamp_max(new Scalar(op.beta()));
            Tensor loss = distance.sub(near);
            if (op.beta() > 0) {
                loss = loss.add(near.square().mul(new Scalar(.5 / op.beta())));
            }
            return scope.adopt(inner, loss.mul(inFull(weight)).sum().reshape(1));
        }
    }

    @Override
    public Tensor binaryCrossEntropy(Op.BinaryCrossEntropy op, Tensor logits, Tensor target, Tensor weight) {
        try (TensorScope inner = new TensorScope()) {
            Tensor x = inFull(logits);
            Tensor loss = x.clamp_min(new Scalar(0.0))
                    .sub(x.mul(inFull(target)))
                    .add(x.abs().neg().exp().log1p());
            return scope.adopt(inner, loss.mul(inFull(weight)).sum().reshape(1));
        }
    }

    @Override
    public Tensor crossEntropy(Op.CrossEntropy op, Tensor logits, Tensor target) {
        try (TensorScope inner = new TensorScope()) {
            Tensor logProbabilities = inFull(logits).log_softmax(-1);
            long[] withinSample = LongStream.range(1, logits.dim()).toArray();
            Tensor perSample = logProbabilities.mul(inFull(target)).sum(withinSample, false, new ScalarTypeOptional());
            return scope.adopt(inner, perSample.mean().neg().reshape(1));
        }
    }

    @Override
    public void release(Tensor tensor) {
        scope.release(tensor);
    }

    private static boolean isHalf(Tensor x) {
        return x.element_size() == 2;
    }

    /**
     * In float32 at least, as losses are computed.
     *
     * @param x the tensor
     * @return the tensor
     */
    public static Tensor inFull(Tensor x) {
        return isHalf(x) ? x.to(ScalarType.Float) : x;
    }

    /**
     * {@return sizes as libtorch takes them}
     *
     * @param values the sizes
     */
    public static long[] longs(List<Integer> values) {
        return values.stream().mapToLong(Integer::longValue).toArray();
    }

    /**
     * {@return as many ones}
     *
     * @param count how many
     */
    public static long[] ones(int count) {
        long[] ones = new long[count];
        Arrays.fill(ones, 1);
        return ones;
    }
}
