package io.github.hiera4j.torch.train;

import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.torch.PooledAttention;
import io.github.hiera4j.torch.SlidingWindows;
import io.github.hiera4j.torch.TensorScope;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** The operations of a {@link Tape} that only networks with pooled attention have. */
final class PoolingGradients {
    private final Tape tape;
    private final TensorScope scope;

    PoolingGradients(Tape tape, TensorScope scope) {
        this.tape = tape;
        this.scope = scope;
    }

    Variable attention(Op.PooledAttention op, Variable q, Variable k, Variable v) {
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

    Variable convolution(Op.DepthwiseConvolution op, Variable x, Variable weight) {
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

    Variable largest(Op.MaxPool op, Variable x) {
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
}
