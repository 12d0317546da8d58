package io.github.hiera4j.torch;

import io.github.hiera4j.model.graph.Op;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** Normalisation over the last axis. */
final class Normalizations {
    private Normalizations() {}

    /** Normalises rows, then scales and shifts each channel; all tensors have the same element type. */
    static Tensor layerNorm(Op.LayerNorm op, Tensor x, Tensor weight, Tensor bias) {
        long[] channels = {weight.size(0)};
        return torch.layer_norm(x, channels, new TensorOptional(weight), new TensorOptional(bias), op.epsilon(), false);
    }

    /** (x - mean) / √(variance + ε); the variance divides by the count minus one. */
    static Tensor standardize(Op.Standardize op, Tensor x) {
        long[] last = {-1};
        Tensor mean = x.mean(last, true, new ScalarTypeOptional());
        Tensor variance = torch.var(x, last, true, true);
        Tensor deviation = variance.add_(new Scalar(op.epsilon())).sqrt_();
        return x.sub(mean).div_(deviation);
    }
}
