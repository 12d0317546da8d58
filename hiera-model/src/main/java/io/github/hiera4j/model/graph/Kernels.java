package io.github.hiera4j.model.graph;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a backend implements to run a graph: one method per operation of {@link Op}, whose record states the semantics.
 *
 * <p>A method returns a new tensor or a view; it never changes its arguments.
 *
 * @param <T> the backend's tensor
 */
public interface Kernels<T> {
    T constant(Op.Constant op);

    T convolution(Op.Convolution op, T x, T weight, T bias);

    T linear(Op.Linear op, T x, T weight, @Nullable T bias);

    T layerNorm(Op.LayerNorm op, T x, T weight, T bias);

    T standardize(Op.Standardize op, T x);

    T add(Op.Add op, T left, T right);

    T multiply(Op.Multiply op, T left, T right);

    T reshape(Op.Reshape op, T x);

    T permute(Op.Permute op, T x);

    T slice(Op.Slice op, T x);

    T concat(Op.Concat op, List<T> inputs);

    T max(Op.Max op, T x);

    T mean(Op.Mean op, T x);

    T attention(Op.Attention op, T qkv);

    T pooledAttention(Op.PooledAttention op, T q, T k, T v);

    T depthwiseConvolution(Op.DepthwiseConvolution op, T x, T weight);

    T maxPool(Op.MaxPool op, T x);

    T gatherTokens(Op.GatherTokens op, T x, T index);

    T softmax(Op.Softmax op, T x);

    T elementwise(Op.Elementwise op, T x);

    T matrixProduct(Op.MatrixProduct op, T left, T right);

    T roiAlign(Op.RoiAlign op, List<T> maps, T boxes);

    T dropPath(Op.DropPath op, T x);

    T dropout(Op.Dropout op, T x);

    T meanSquaredError(Op.MeanSquaredError op, T prediction, T target);

    T smoothL1(Op.SmoothL1 op, T prediction, T target, T weight);

    T binaryCrossEntropy(Op.BinaryCrossEntropy op, T logits, T target, T weight);

    T crossEntropy(Op.CrossEntropy op, T logits, T target);

    /** Releases a tensor that no later node reads. */
    default void release(T tensor) {}
}
