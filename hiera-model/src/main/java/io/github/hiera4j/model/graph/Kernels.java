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
    /**
     * Computes {@link Op.Constant}.
     *
     * @param op its settings
     * @return the result
     */
    T constant(Op.Constant op);

    /**
     * Computes {@link Op.Convolution}.
     *
     * @param op its settings
     * @param x the input
     * @param weight the weight
     * @param bias the bias
     * @return the result
     */
    T convolution(Op.Convolution op, T x, T weight, T bias);

    /**
     * Computes {@link Op.Linear}.
     *
     * @param op its settings
     * @param x the input
     * @param weight the weight
     * @param bias the bias; null: none
     * @return the result
     */
    T linear(Op.Linear op, T x, T weight, @Nullable T bias);

    /**
     * Computes {@link Op.LayerNorm}.
     *
     * @param op its settings
     * @param x the input
     * @param weight the weight
     * @param bias the bias
     * @return the result
     */
    T layerNorm(Op.LayerNorm op, T x, T weight, T bias);

    /**
     * Computes {@link Op.Standardize}.
     *
     * @param op its settings
     * @param x the input
     * @return the result
     */
    T standardize(Op.Standardize op, T x);

    /**
     * Computes {@link Op.Add}.
     *
     * @param op its settings
     * @param left the first operand
     * @param right the second operand
     * @return the result
     */
    T add(Op.Add op, T left, T right);

    /**
     * Computes {@link Op.Multiply}.
     *
     * @param op its settings
     * @param left the first operand
     * @param right the second operand
     * @return the result
     */
    T multiply(Op.Multiply op, T left, T right);

    /**
     * Computes {@link Op.Reshape}.
     *
     * @param op its settings
     * @param x the input
     * @return the result
     */
    T reshape(Op.Reshape op, T x);

    /**
     * Computes {@link Op.Permute}.
     *
     * @param op its settings
     * @param x the input
     * @return the result
     */
    T permute(Op.Permute op, T x);

    /**
     * Computes {@link Op.Slice}.
     *
     * @param op its settings
     * @param x the input
     * @return the result
     */
    T slice(Op.Slice op, T x);

    /**
     * Computes {@link Op.Concat}.
     *
     * @param op its settings
     * @param inputs the tensors, in order
     * @return the result
     */
    T concat(Op.Concat op, List<T> inputs);

    /**
     * Computes {@link Op.Max}.
     *
     * @param op its settings
     * @param x the input
     * @return the result
     */
    T max(Op.Max op, T x);

    /**
     * Computes {@link Op.Mean}.
     *
     * @param op its settings
     * @param x the input
     * @return the result
     */
    T mean(Op.Mean op, T x);

    /**
     * Computes {@link Op.Attention}.
     *
     * @param op its settings
     * @param qkv joined queries, keys and values
     * @return the result
     */
    T attention(Op.Attention op, T qkv);

    /**
     * Computes {@link Op.PooledAttention}.
     *
     * @param op its settings
     * @param q queries
     * @param k keys
     * @param v values
     * @return the result
     */
    T pooledAttention(Op.PooledAttention op, T q, T k, T v);

    /**
     * Computes {@link Op.DepthwiseConvolution}.
     *
     * @param op its settings
     * @param x the input
     * @param weight the weight
     * @return the result
     */
    T depthwiseConvolution(Op.DepthwiseConvolution op, T x, T weight);

    /**
     * Computes {@link Op.MaxPool}.
     *
     * @param op its settings
     * @param x the input
     * @return the result
     */
    T maxPool(Op.MaxPool op, T x);

    /**
     * Computes {@link Op.GatherTokens}.
     *
     * @param op its settings
     * @param x the input
     * @param index which tokens, {@code [B, K]}
     * @return the result
     */
    T gatherTokens(Op.GatherTokens op, T x, T index);

    /**
     * Computes {@link Op.Softmax}.
     *
     * @param op its settings
     * @param x the input
     * @return the result
     */
    T softmax(Op.Softmax op, T x);

    /**
     * Computes {@link Op.Elementwise}.
     *
     * @param op its settings
     * @param x the input
     * @return the result
     */
    T elementwise(Op.Elementwise op, T x);

    /**
     * Computes {@link Op.MatrixProduct}.
     *
     * @param op its settings
     * @param left the first operand
     * @param right the second operand
     * @return the result
     */
    T matrixProduct(Op.MatrixProduct op, T left, T right);

    /**
     * Computes {@link Op.RoiAlign}.
     *
     * @param op its settings
     * @param maps the feature maps, the finest first
     * @param boxes {@code [R, 5]}: sample, x1, y1, x2, y2
     * @return the result
     */
    T roiAlign(Op.RoiAlign op, List<T> maps, T boxes);

    /**
     * Computes {@link Op.DropPath}.
     *
     * @param op its settings
     * @param x the input
     * @return the result
     */
    T dropPath(Op.DropPath op, T x);

    /**
     * Computes {@link Op.Dropout}.
     *
     * @param op its settings
     * @param x the input
     * @return the result
     */
    T dropout(Op.Dropout op, T x);

    /**
     * Computes {@link Op.MeanSquaredError}.
     *
     * @param op its settings
     * @param prediction what the network gives
     * @param target what is wanted
     * @return the result
     */
    T meanSquaredError(Op.MeanSquaredError op, T prediction, T target);

    /**
     * Computes {@link Op.SmoothL1}.
     *
     * @param op its settings
     * @param prediction what the network gives
     * @param target what is wanted
     * @param weight one factor per element
     * @return the result
     */
    T smoothL1(Op.SmoothL1 op, T prediction, T target, T weight);

    /**
     * Computes {@link Op.BinaryCrossEntropy}.
     *
     * @param op its settings
     * @param logits the scores
     * @param target what is wanted
     * @param weight one factor per element
     * @return the result
     */
    T binaryCrossEntropy(Op.BinaryCrossEntropy op, T logits, T target, T weight);

    /**
     * Computes {@link Op.CrossEntropy}.
     *
     * @param op its settings
     * @param logits the scores
     * @param target what is wanted
     * @return the result
     */
    T crossEntropy(Op.CrossEntropy op, T logits, T target);

    /**
     * Releases a tensor that no later node reads.
     *
     * @param tensor the tensor
     */
    default void release(T tensor) {}
}
