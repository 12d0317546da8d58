package io.github.hiera4j.torch.tape;

import io.github.hiera4j.model.graph.Kernels;
import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.torch.RoiPooling;
import io.github.hiera4j.torch.TensorScope;
import io.github.hiera4j.torch.TorchKernels;
import io.github.hiera4j.torch.attention.AttentionPass;
import io.github.hiera4j.torch.attention.WindowAttention;
import io.github.hiera4j.torch.operator.SlicePooling;
import io.github.hiera4j.torch.operator.SoftmaxGradient;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * The gradient of a graph. A tape runs each operation and records how the gradients of its inputs follow from the gradient of its
 * result.
 *
 * <p>This is reverse-mode differentiation of the {@link Kernels}, without libtorch's autograd: a value is kept only if the
 * derivative of its operation reads it, and gradients of weights are written directly to their place in the flat gradient. A tape
 * is used for one pass; the given scope owns the tensors.
 */
public final class Tape implements Kernels<Variable> {
    private final TensorScope scope;
    private final TorchKernels kernels;
    private final ArithmeticGradients arithmetic;
    private final LayerGradients layers;
    private final ShapeGradients shapes;
    private final LossGradients losses;
    private final StepTimes times;
    private final Deque<Entry> entries = new ArrayDeque<>();

    /**
     * Computes the gradients of an operation's inputs from the gradient of its result. It must not change the given gradient. The
     * scope around the call frees temporary tensors.
     */
    interface Pullback {
        void apply(Tensor gradient);
    }

    private record Entry(
            String kind, Variable result, Pullback pullback, List<Variable> kept, List<Variable> awaited) {}

    public Tape(TensorScope scope, TorchKernels kernels, StepTimes times) {
        this.scope = scope;
        this.kernels = kernels;
        this.arithmetic = new ArithmeticGradients(this, kernels);
        this.layers = new LayerGradients(this, scope, times);
        this.shapes = new ShapeGradients(this, kernels);
        this.losses = new LossGradients(this, kernels);
        this.times = times;
    }

    /** Computes the gradients of everything that was recorded, last operation first; the tape is empty afterwards. */
    public void backward() {
        while (!entries.isEmpty()) {
            Entry entry = entries.pop();
            Tensor gradient = entry.result().gradient();
            if (gradient != null) {
                try (TensorScope temporaries = new TensorScope()) {
                    entry.pullback().apply(gradient);
                }
                times.add(entry.kind(), "backward");
                entry.result().sentOn();
            }
            entry.kept().forEach(Variable::letGo);
            entry.awaited().forEach(Variable::answered);
        }
    }

    /**
     * Records an operation.
     *
     * @param kind its name in {@link StepTimes}
     * @param value its result
     * @param reads its inputs
     * @param kept the variables whose values the pullback reads
     * @param pullback computes the gradients of the inputs
     * @return the result as a variable
     */
    public Variable note(String kind, Tensor value, List<Variable> reads, List<Variable> kept, Pullback pullback) {
        times.add(kind, "forward");
        boolean isDifferentiable = reads.stream().anyMatch(Variable::isDifferentiable);
        Variable result = Variable.made(scope, value, isDifferentiable);
        if (isDifferentiable) {
            kept.forEach(Variable::keep);
            List<Variable> awaited = reads.stream().filter(Variable::isAwaited).toList();
            awaited.forEach(Variable::readBy);
            entries.push(new Entry(kind, result, pullback, kept, awaited));
        }
        return result;
    }

    /** Returns another handle of a tensor, which is freed on its own. */
    public static Tensor alias(Tensor tensor) {
        return new Tensor(tensor);
    }

    @Override
    public Variable constant(Op.Constant op) {
        return Variable.made(scope, kernels.constant(op), false);
    }

    @Override
    public Variable convolution(Op.Convolution op, Variable x, Variable weight, Variable bias) {
        return layers.convolution(op, kernels, x, weight, bias);
    }

    @Override
    public Variable linear(Op.Linear op, Variable x, Variable weight, @Nullable Variable bias) {
        return layers.linear(op, x, weight, bias);
    }

    @Override
    public Variable layerNorm(Op.LayerNorm op, Variable x, Variable weight, Variable bias) {
        return layers.layerNorm(op, x, weight, bias);
    }

    @Override
    public Variable standardize(Op.Standardize op, Variable x) {
        if (x.isDifferentiable()) {
            throw new UnsupportedOperationException("standardised pixels are a target: their gradient is not defined");
        }
        return Variable.made(scope, kernels.standardize(op, x.value()), false);
    }

    @Override
    public Variable add(Op.Add op, Variable left, Variable right) {
        return arithmetic.add(op, left, right);
    }

    @Override
    public Variable multiply(Op.Multiply op, Variable left, Variable right) {
        return arithmetic.multiply(op, left, right);
    }

    @Override
    public Variable reshape(Op.Reshape op, Variable x) {
        return shapes.reshape(op, x);
    }

    @Override
    public Variable permute(Op.Permute op, Variable x) {
        return shapes.permute(op, x);
    }

    @Override
    public Variable slice(Op.Slice op, Variable x) {
        return shapes.slice(op, x);
    }

    @Override
    public Variable concat(Op.Concat op, List<Variable> inputs) {
        return shapes.concat(op, inputs);
    }

    @Override
    public Variable max(Op.Max op, Variable x) {
        Tensor result = kernels.max(op, x.value());
        Tensor kept = alias(result);
        return note("max", result, List.of(x), List.of(x), gradient -> {
            Tensor ofX = torch.empty_like(x.value());
            SlicePooling.gradient(ofX, x.value(), kept, gradient, op.axis());
            x.accumulate(ofX);
            kept.close();
        });
    }

    @Override
    public Variable mean(Op.Mean op, Variable x) {
        return arithmetic.mean(op, x);
    }

    @Override
    public Variable attention(Op.Attention op, Variable qkv) {
        AttentionPass pass;
        try (TensorScope temporaries = new TensorScope()) {
            pass = WindowAttention.forward(op, qkv.value());
            scope.adopt(pass.result());
            pass.kept().forEach(scope::adopt);
        }
        List<Variable> kept = pass.readsInput() ? List.of(qkv) : List.of();
        return note("attention", pass.result(), List.of(qkv), kept, gradient -> {
            qkv.accumulate(pass.gradient(gradient));
            pass.kept().forEach(scope::release);
        });
    }

    @Override
    public Variable pooledAttention(Op.PooledAttention op, Variable q, Variable k, Variable v) {
        return layers.pooledAttention(op, q, k, v);
    }

    @Override
    public Variable depthwiseConvolution(Op.DepthwiseConvolution op, Variable x, Variable weight) {
        return layers.depthwiseConvolution(op, x, weight);
    }

    @Override
    public Variable maxPool(Op.MaxPool op, Variable x) {
        return layers.maxPool(op, x);
    }

    @Override
    public Variable gatherTokens(Op.GatherTokens op, Variable x, Variable index) {
        return layers.gatherTokens(x, index);
    }

    @Override
    public Variable softmax(Op.Softmax op, Variable x) {
        Tensor result = kernels.softmax(op, x.value());
        Tensor kept = alias(result);
        return note("softmax", result, List.of(x), List.of(x), gradient -> {
            Tensor ofX = SoftmaxGradient.of(gradient, kept);
            x.accumulate(ofX.to(x.value().scalar_type()));
            kept.close();
        });
    }

    @Override
    public Variable elementwise(Op.Elementwise op, Variable x) {
        return layers.elementwise(op, kernels, x);
    }

    @Override
    public Variable matrixProduct(Op.MatrixProduct op, Variable left, Variable right) {
        return arithmetic.matrixProduct(op, left, right);
    }

    @Override
    public Variable roiAlign(Op.RoiAlign op, List<Variable> maps, Variable boxes) {
        List<Tensor> values = maps.stream().map(Variable::value).toList();
        RoiPooling pooling = new RoiPooling(op, values, boxes.value());
        Tensor result;
        try (TensorScope temporaries = new TensorScope()) {
            result = scope.adopt(temporaries, pooling.pool(values));
        }
        return note("roi align", result, maps, List.of(), gradient -> {
            for (int level = 0; level < maps.size(); level++) {
                if (maps.get(level).isDifferentiable() && pooling.reads(level)) {
                    maps.get(level).accumulate(pooling.gradient(level, gradient));
                }
            }
        });
    }

    @Override
    public Variable dropPath(Op.DropPath op, Variable x) {
        return dropped("drop path", x, kernels.dropPathFactors(op, x.value()));
    }

    @Override
    public Variable dropout(Op.Dropout op, Variable x) {
        return dropped("dropout", x, kernels.dropoutFactors(op, x.value()));
    }

    private Variable dropped(String name, Variable x, Tensor factors) {
        return note(name, scope.own(x.value().mul(factors)), List.of(x), List.of(), gradient -> {
            x.accumulate(gradient.mul(factors));
            scope.release(factors);
        });
    }

    @Override
    public Variable meanSquaredError(Op.MeanSquaredError op, Variable prediction, Variable target) {
        return losses.meanSquaredError(op, prediction, target);
    }

    @Override
    public Variable smoothL1(Op.SmoothL1 op, Variable prediction, Variable target, Variable weight) {
        return losses.smoothL1(op, prediction, target, weight);
    }

    @Override
    public Variable binaryCrossEntropy(Op.BinaryCrossEntropy op, Variable logits, Variable target, Variable weight) {
        return losses.binaryCrossEntropy(op, logits, target, weight);
    }

    @Override
    public Variable crossEntropy(Op.CrossEntropy op, Variable logits, Variable target) {
        return losses.crossEntropy(op, logits, target);
    }

    @Override
    public void release(Variable variable) {
        variable.release();
    }

    /** Sums a gradient over the axes that the forward pass repeated. */
    public static Tensor summedTo(long[] sizes, Tensor gradient) {
        long[] repeated = IntStream.range(0, sizes.length)
                .filter(axis -> sizes[axis] == 1 && gradient.size(axis) > 1)
                .asLongStream()
                .toArray();
        if (repeated.length == 0) {
            return gradient;
        }
        return gradient.sum(repeated, true, new ScalarTypeOptional());
    }

    public static long[] sizes(Variable variable) {
        return variable.value().sizes().vec().get();
    }
}
