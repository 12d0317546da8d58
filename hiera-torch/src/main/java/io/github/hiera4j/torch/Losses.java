package io.github.hiera4j.torch;

import io.github.hiera4j.model.graph.Op;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The losses, for float32 or float64 tensors. Each returns one number, of shape {@code [1]}. */
final class Losses {
    private Losses() {}

    static Tensor meanSquaredError(Tensor prediction, Tensor target) {
        return torch.mse_loss(prediction, target).reshape(1);
    }

    static Tensor smoothL1(Op.SmoothL1 op, Tensor prediction, Tensor target, Tensor weight) {
        Tensor distance = prediction.sub(target).abs();
        // With d = min(distance, beta): d² / (2 · beta) + distance - d
        Tensor near = distance.clamp_max(new Scalar(op.beta()));
        Tensor loss = distance.sub(near);
        if (op.beta() > 0) {
            loss = loss.add(near.square().mul(new Scalar(.5 / op.beta())));
        }
        return loss.mul(weight).sum().reshape(1);
    }

    static Tensor binaryCrossEntropy(Tensor logits, Tensor target, Tensor weight) {
        Tensor loss = logits.clamp_min(new Scalar(0.0))
                .sub(logits.mul(target))
                .add(logits.abs().neg().exp().log1p());
        return loss.mul(weight).sum().reshape(1);
    }

    /** The mean over samples. */
    static Tensor crossEntropy(Tensor logits, Tensor target) {
        long[] withinSample = LongStream.range(1, logits.dim()).toArray();
        Tensor perSample = logits.log_softmax(-1).mul(target).sum(withinSample, false, new ScalarTypeOptional());
        return perSample.mean().neg().reshape(1);
    }
}
