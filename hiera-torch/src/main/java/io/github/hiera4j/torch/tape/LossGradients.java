package io.github.hiera4j.torch.tape;

import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.torch.NativeTensors;
import io.github.hiera4j.torch.TorchKernels;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;

/** The losses of a {@link Tape}: each gradient is computed explicitly, so that no intermediate value is kept. */
final class LossGradients {
    private final Tape tape;
    private final TorchKernels kernels;

    LossGradients(Tape tape, TorchKernels kernels) {
        this.tape = tape;
        this.kernels = kernels;
    }

    Variable meanSquaredError(Op.MeanSquaredError op, Variable prediction, Variable target) {
        Tensor loss = kernels.meanSquaredError(op, prediction.value(), target.value());
        return tape.note("loss", loss, List.of(prediction, target), List.of(prediction, target), gradient -> {
            // 2 · (prediction - target) / n; the target is pixels and has no gradient
            Tensor difference = NativeTensors.inFull(prediction.value()).sub(NativeTensors.inFull(target.value()));
            Tensor scale = gradient.mul(new Scalar(2.0 / difference.numel()));
            prediction.accumulate(difference.mul_(scale).to(prediction.value().scalar_type()));
        });
    }

    Variable smoothL1(Op.SmoothL1 op, Variable prediction, Variable target, Variable weight) {
        Tensor loss = kernels.smoothL1(op, prediction.value(), target.value(), weight.value());
        List<Variable> all = List.of(prediction, target, weight);
        return tape.note("loss", loss, List.of(prediction), all, gradient -> {
            Tensor difference = NativeTensors.inFull(prediction.value()).sub(NativeTensors.inFull(target.value()));
            Tensor slope = op.beta() == 0
                    ? difference.sign()
                    : difference.div(new Scalar(op.beta())).clamp_(one(-1), one(1));
            Tensor scaled = slope.mul(NativeTensors.inFull(weight.value())).mul(gradient);
            prediction.accumulate(scaled.to(prediction.value().scalar_type()));
        });
    }

    Variable binaryCrossEntropy(Op.BinaryCrossEntropy op, Variable logits, Variable target, Variable weight) {
        Tensor loss = kernels.binaryCrossEntropy(op, logits.value(), target.value(), weight.value());
        List<Variable> all = List.of(logits, target, weight);
        return tape.note("loss", loss, List.of(logits), all, gradient -> {
            Tensor difference =
                    NativeTensors.inFull(logits.value()).sigmoid().sub(NativeTensors.inFull(target.value()));
            Tensor scaled = difference.mul(NativeTensors.inFull(weight.value())).mul(gradient);
            logits.accumulate(scaled.to(logits.value().scalar_type()));
        });
    }

    Variable crossEntropy(Op.CrossEntropy op, Variable logits, Variable target) {
        Tensor loss = kernels.crossEntropy(op, logits.value(), target.value());
        return tape.note("loss", loss, List.of(logits, target), List.of(logits, target), gradient -> {
            // (softmax(logits) · Σ target - target) / batch
            Tensor wanted = NativeTensors.inFull(target.value());
            Tensor difference = NativeTensors.inFull(logits.value())
                    .softmax(-1)
                    .mul_(wanted.sum(new long[] {-1}, true, new ScalarTypeOptional()))
                    .sub_(wanted);
            Tensor scale = gradient.div(new Scalar((double) difference.size(0)));
            logits.accumulate(difference.mul_(scale).to(logits.value().scalar_type()));
        });
    }

    private static ScalarOptional one(double value) {
        return new ScalarOptional(new Scalar(value));
    }
}
