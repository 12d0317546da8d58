package io.github.hiera4j.torch.tape;

import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.torch.TorchKernels;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** The sums, products and means of a {@link Tape}. */
final class ArithmeticGradients {
    private final Tape tape;
    private final TorchKernels kernels;

    ArithmeticGradients(Tape tape, TorchKernels kernels) {
        this.tape = tape;
        this.kernels = kernels;
    }

    Variable add(Op.Add op, Variable left, Variable right) {
        long[] leftSizes = Tape.sizes(left);
        long[] rightSizes = Tape.sizes(right);
        Tensor sum = kernels.add(op, left.value(), right.value());
        return tape.note("add", sum, List.of(left, right), List.of(), gradient -> {
            if (left.isDifferentiable()) {
                left.accumulate(Tape.summedTo(leftSizes, Tape.alias(gradient)));
            }
            if (right.isDifferentiable()) {
                right.accumulate(Tape.summedTo(rightSizes, Tape.alias(gradient)));
            }
        });
    }

    Variable multiply(Op.Multiply op, Variable left, Variable right) {
        Tensor product = kernels.multiply(op, left.value(), right.value());
        return tape.note("multiply", product, List.of(left, right), List.of(left, right), gradient -> {
            if (left.isDifferentiable()) {
                left.accumulate(Tape.summedTo(Tape.sizes(left), gradient.mul(right.value())));
            }
            if (right.isDifferentiable()) {
                right.accumulate(Tape.summedTo(Tape.sizes(right), gradient.mul(left.value())));
            }
        });
    }

    Variable mean(Op.Mean op, Variable x) {
        long[] before = Tape.sizes(x);
        return tape.note("mean", kernels.mean(op, x.value()), List.of(x), List.of(), gradient -> {
            Tensor share = gradient.div(new Scalar((double) before[op.axis()]));
            x.accumulate(share.unsqueeze(op.axis()).expand(before));
        });
    }

    Variable matrixProduct(Op.MatrixProduct op, Variable left, Variable right) {
        Tensor product = kernels.matrixProduct(op, left.value(), right.value());
        return tape.note("matrix product", product, List.of(left, right), List.of(left, right), gradient -> {
            if (left.isDifferentiable()) {
                Tensor transposed = kernels.inType(right.value()).transpose(-2, -1);
                Tensor ofLeft = Tape.summedTo(Tape.sizes(left), gradient.matmul(transposed));
                left.accumulate(ofLeft.to(left.value().scalar_type()));
            }
            if (right.isDifferentiable()) {
                Tensor transposed = kernels.inType(left.value()).transpose(-2, -1);
                Tensor ofRight = Tape.summedTo(Tape.sizes(right), transposed.matmul(gradient));
                right.accumulate(ofRight.to(right.value().scalar_type()));
            }
        });
    }
}
