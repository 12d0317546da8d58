package io.github.hiera4j.torch.tape;

import io.github.hiera4j.model.graph.Activation;
import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.torch.NativeTensors;
import io.github.hiera4j.torch.SlidingWindows;
import io.github.hiera4j.torch.TensorScope;
import io.github.hiera4j.torch.TorchKernels;
import io.github.hiera4j.torch.attention.PooledAttention;
import io.github.hiera4j.torch.kernel.LayerNorms;
import io.github.hiera4j.torch.kernel.LinearProducts;
import java.util.List;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/** The operations of a {@link Tape} with longer gradients: those with weights, indices and noise. */
final class LayerGradients {
    private final Tape tape;
    private final TensorScope scope;
    private final StepTimes times;

    LayerGradients(Tape tape, TensorScope scope, StepTimes times) {
        this.tape = tape;
        this.scope = scope;
        this.times = times;
    }

    /** {@code activation(x · weightᵀ + bias)}: keeps {@code x}, and the sum before an activation. */
    Variable linear(Op.Linear op, Variable x, Variable weight, @Nullable Variable bias) {
        Tensor sum = scope.own(LinearProducts.forward(x.value(), weight.value(), bias == null ? null : bias.value()));
        times.add("linear forward");
        boolean isActivated = op.activation() == Activation.GELU;
        Tensor result = isActivated ? scope.own(torch.gelu(sum)) : sum;
        List<Variable> reads = bias == null ? List.of(x, weight) : List.of(x, weight, bias);
        return tape.note(isActivated ? "GELU" : "linear", result, reads, List.of(x, weight), gradient -> {
            Tensor ofSum = isActivated ? torch.gelu_backward(gradient, sum) : gradient;
            if (isActivated) {
                scope.release(sum);
                times.add("GELU backward");
            }
            long[] rowsOut = {-1, weight.value().size(0)};
            long[] rowsIn = {-1, weight.value().size(1)};
            Tensor ofRows = ofSum.reshape(rowsOut);
            boolean hasBias = bias != null && bias.isDifferentiable();
            if (weight.isDifferentiable()) {
                Tensor place = weight.takePlace();
                LinearProducts.Gradients gradients =
                        LinearProducts.gradients(ofRows, x.value().reshape(rowsIn), place, hasBias);
                if (place == null) {
                    weight.accumulate(gradients.ofWeight());
                }
                accumulate(bias, gradients.ofBias());
                times.add("linear weight gradient");
            } else if (hasBias) {
                accumulate(bias, ofRows.sum(0));
                times.add("linear bias gradient");
            }
            if (x.isDifferentiable()) {
                x.accumulate(
                        LinearProducts.inputGradient(ofRows, weight.value()).view(Tape.sizes(x)));
                times.add("linear input gradient");
            }
        });
    }

    /** Patch embedding. */
    Variable convolution(Op.Convolution op, TorchKernels kernels, Variable x, Variable weight, Variable bias) {
        Tensor result = kernels.convolution(op, x.value(), weight.value(), bias.value());
        return tape.note("convolution", result, List.of(x, weight, bias), List.of(x, weight, bias), gradient -> {
            long[] dilation = NativeTensors.ones(op.stride().size());
            T_TensorTensorTensor_T parts = torch.convolution_backward(
                    gradient.contiguous(),
                    x.value(),
                    weight.value(),
                    Tape.sizes(bias),
                    NativeTensors.longs(op.stride()),
                    NativeTensors.longs(op.padding()),
                    dilation,
                    false,
                    new long[dilation.length],
                    1,
                    wanted(x, weight, bias));
            distribute(parts, x, weight, bias);
        });
    }

    /** Keeps {@code x} and the mean and standard deviation of each row. */
    Variable layerNorm(Op.LayerNorm op, Variable x, Variable weight, Variable bias) {
        LayerNorms.Pass pass = LayerNorms.forward(x.value(), weight.value(), bias.value(), op.epsilon());
        Tensor result = scope.own(pass.result());
        return tape.note("layer norm", result, List.of(x, weight, bias), List.of(x, weight, bias), gradient -> {
            LayerNorms.Wanted wanted =
                    new LayerNorms.Wanted(x.isDifferentiable(), weight.isDifferentiable(), bias.isDifferentiable());
            LayerNorms.Gradients gradients =
                    LayerNorms.gradients(pass, gradient, x.value(), weight.value(), bias.value(), wanted);
            accumulate(x, gradients.ofX());
            accumulate(weight, gradients.ofWeight());
            accumulate(bias, gradients.ofBias());
            pass.closeStatistics();
        });
    }

    private static void accumulate(@Nullable Variable variable, @Nullable Tensor gradient) {
        if (variable != null && gradient != null) {
            variable.accumulate(gradient);
        }
    }

    /** Selects rows of a table of all samples' tokens, which is faster than a gather, forward and backward. */
    Variable gatherTokens(Variable x, Variable index) {
        long[] all = Tape.sizes(x); // [B, N, C]
        long[] picked = {all[0], index.value().size(1), all[2]};
        long[] perSample = {all[0], 1};
        Tensor rows;
        Tensor result;
        try (TensorScope temporaries = new TensorScope()) {
            Tensor starts = torch.arange(new Scalar(all[0]), new TensorOptions(ScalarType.Long))
                    .to(index.value().device(), ScalarType.Long)
                    .mul_(new Scalar(all[1]))
                    .view(perSample);
            rows = scope.adopt(index.value().add(starts).view(-1));
            result = scope.adopt(
                    x.value().reshape(-1, all[2]).index_select(0, rows).view(picked));
        }
        return tape.note("gather tokens", result, List.of(x), List.of(), gradient -> {
            Tensor ofRows = torch.zeros(new long[] {all[0] * all[1], all[2]}, gradient.options());
            ofRows.index_add_(0, rows, gradient.reshape(-1, all[2]));
            x.accumulate(ofRows.view(all));
            scope.release(rows);
        });
    }

    /** A function of each element; the derivatives are written in terms of the input. */
    Variable elementwise(Op.Elementwise op, TorchKernels kernels, Variable x) {
        Tensor result = kernels.elementwise(op, x.value());
        return tape.note(op.label(), result, List.of(x), List.of(x), gradient -> {
            Tensor value = x.value();
            x.accumulate(
                    switch (op.function()) {
                        case GELU -> torch.gelu_backward(gradient, value);
                        case RELU -> torch.threshold_backward(gradient, value, new Scalar(0));
                        case SIGMOID -> torch.sigmoid_backward(gradient, value.sigmoid());
                        case SINE -> gradient.mul(value.cos());
                        case COSINE -> gradient.mul(value.sin()).neg();
                        case INVERSE_SQUARE_ROOT ->
                            gradient.mul(value.rsqrt().pow(new Scalar(3))).mul(new Scalar(-0.5));
                    });
        });
    }

    Variable pooledAttention(Op.PooledAttention op, Variable q, Variable k, Variable v) {
        PooledAttention.Pass pass;
        try (TensorScope temporaries = new TensorScope()) {
            pass = PooledAttention.forward(op, q.value(), k.value(), v.value());
            pass.tensors().forEach(scope::adopt);
        }
        List<Variable> reads = List.of(q, k, v);
        return tape.note("attention", pass.result(), reads, List.of(), gradient -> {
            List<Tensor> gradients = pass.gradients(gradient);
            for (int i = 0; i < reads.size(); i++) {
                if (reads.get(i).isDifferentiable()) {
                    reads.get(i).accumulate(gradients.get(i));
                }
            }
            pass.kept().forEach(scope::release);
        });
    }

    Variable depthwiseConvolution(Op.DepthwiseConvolution op, Variable x, Variable weight) {
        Tensor result;
        try (TensorScope temporaries = new TensorScope()) {
            result = scope.adopt(SlidingWindows.convolve(op, x.value(), weight.value()));
        }
        return tape.note("depthwise convolution", result, List.of(x, weight), List.of(x, weight), gradient -> {
            Tensor[] gradients = SlidingWindows.gradients(
                    op, x.value(), weight.value(), gradient, x.isDifferentiable(), weight.isDifferentiable());
            if (x.isDifferentiable()) {
                x.accumulate(gradients[0]);
            }
            if (weight.isDifferentiable()) {
                weight.accumulate(gradients[1]);
            }
        });
    }

    Variable maxPool(Op.MaxPool op, Variable x) {
        SlidingWindows.Maximum maximum;
        try (TensorScope temporaries = new TensorScope()) {
            maximum = SlidingWindows.largest(op, x.value());
            scope.adopt(maximum.padded());
            scope.adopt(maximum.indices());
            scope.adopt(maximum.result());
        }
        return tape.note("max pool", maximum.result(), List.of(x), List.of(x), gradient -> {
            x.accumulate(SlidingWindows.gradient(op, x.value(), maximum, gradient));
            scope.release(maximum.padded());
            scope.release(maximum.indices());
        });
    }

    private static BoolPointer wanted(Variable... variables) {
        BoolPointer wanted = new BoolPointer(variables.length);
        for (int i = 0; i < variables.length; i++) {
            wanted.put(i, variables[i].isDifferentiable());
        }
        return wanted;
    }

    private static void distribute(T_TensorTensorTensor_T parts, Variable x, Variable weight, Variable bias) {
        if (x.isDifferentiable()) {
            x.accumulate(new Tensor(parts.get0()));
        }
        if (weight.isDifferentiable()) {
            weight.accumulate(new Tensor(parts.get1()));
        }
        if (bias.isDifferentiable()) {
            bias.accumulate(new Tensor(parts.get2()));
        }
        parts.close();
    }
}
