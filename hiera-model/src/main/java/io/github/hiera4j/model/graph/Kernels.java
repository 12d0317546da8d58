package io.github.hiera4j.model.graph;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The interface that a backend implements to run a graph: one method per {@link Op}, whose record defines the semantics.
 *
 * <p>A method returns a new tensor or a view; it never changes its arguments. {@code B} is the batch, {@code C} channels, {@code N} tokens,
 * {@code …} any number of axes. Shapes have been checked when the graph was built.
 *
 * @param <T> the backend's tensor
 */
public interface Kernels<T> {
    /**
     * Computes {@link Op.Constant}.
     *
     * @param op the operation with the value
     * @return the value as a tensor of the engine
     */
    T constant(Op.Constant op);

    /**
     * Computes {@link Op.Convolution}.
     *
     * @param op stride and padding of each axis
     * @param x {@code [B, C, …]}
     * @param weight {@code [K, C, …]}
     * @param bias {@code [K]}
     * @return {@code [B, K, …]}
     */
    T convolution(Op.Convolution op, T x, T weight, T bias);

    /**
     * Computes {@link Op.Linear}.
     *
     * @param op the activation applied to the product
     * @param x {@code […, I]}
     * @param weight {@code [O, I]}
     * @param bias {@code [O]}; null for none
     * @return {@code […, O]}
     */
    T linear(Op.Linear op, T x, T weight, @Nullable T bias);

    /**
     * Computes {@link Op.LayerNorm}.
     *
     * @param op the epsilon added to the variance
     * @param x {@code […, C]}, normalised over the last axis
     * @param weight {@code [C]}
     * @param bias {@code [C]}
     * @return {@code […, C]}
     */
    T layerNorm(Op.LayerNorm op, T x, T weight, T bias);

    /**
     * Computes {@link Op.Standardize}.
     *
     * @param op the epsilon added to the variance
     * @param x {@code […, C]}, normalised over the last axis
     * @return {@code […, C]}
     */
    T standardize(Op.Standardize op, T x);

    /**
     * Computes {@link Op.Add}.
     *
     * @param op without settings
     * @param left any shape
     * @param right the same rank; axes of size 1 in either are repeated
     * @return their sum
     */
    T add(Op.Add op, T left, T right);

    /**
     * Computes {@link Op.Multiply}.
     *
     * @param op without settings
     * @param left any shape
     * @param right the same rank; axes of size 1 in either are repeated
     * @return their elementwise product
     */
    T multiply(Op.Multiply op, T left, T right);

    /**
     * Computes {@link Op.Reshape}.
     *
     * @param op the new shape
     * @param x any shape with the same number of elements
     * @return the same elements, row-major, in the new shape
     */
    T reshape(Op.Reshape op, T x);

    /**
     * Computes {@link Op.Permute}.
     *
     * @param op the order of the axes
     * @param x any shape
     * @return axis {@code i} is axis {@code order[i]} of {@code x}
     */
    T permute(Op.Permute op, T x);

    /**
     * Computes {@link Op.Slice}.
     *
     * @param op axis, start and length
     * @param x any shape
     * @return {@code length} entries of the axis
     */
    T slice(Op.Slice op, T x);

    /**
     * Computes {@link Op.Concat}.
     *
     * @param op the axis
     * @param inputs equal in all other axes; a first axis of size 1 is repeated over the batch
     * @return the inputs joined along the axis, in order
     */
    T concat(Op.Concat op, List<T> inputs);

    /**
     * Computes {@link Op.Max}.
     *
     * @param op the axis
     * @param x any shape
     * @return the largest element along the axis, which is removed
     */
    T max(Op.Max op, T x);

    /**
     * Computes {@link Op.Mean}.
     *
     * @param op the axis
     * @param x any shape
     * @return the mean along the axis, which is removed
     */
    T mean(Op.Mean op, T x);

    /**
     * Computes {@link Op.Attention}.
     *
     * @param op heads, windows and query pooling
     * @param qkv queries, keys and values {@code [B, N, 3·C]}; the window is the faster part of the token axis
     * @return {@code [B, N / queryPool, C]}
     */
    T attention(Op.Attention op, T qkv);

    /**
     * Computes {@link Op.PooledAttention}.
     *
     * @param op heads, and channels of relative positions
     * @param q {@code [B, Nq, heads·e]}
     * @param k {@code [B, Nk, heads·e]}
     * @param v {@code [B, Nk, heads·d]}
     * @return {@code [B, Nq, heads·d]}
     */
    T pooledAttention(Op.PooledAttention op, T q, T k, T v);

    /**
     * Computes {@link Op.DepthwiseConvolution}.
     *
     * @param op stride and padding of both axes
     * @param x {@code [B, G, h, w, C]}
     * @param weight {@code [C, 1, kernelH, kernelW]}
     * @return {@code [B, G, h', w', C]}
     */
    T depthwiseConvolution(Op.DepthwiseConvolution op, T x, T weight);

    /**
     * Computes {@link Op.MaxPool}.
     *
     * @param op kernel, stride and padding of both axes
     * @param x {@code [B, G, h, w, C]}
     * @return {@code [B, G, h', w', C]}
     */
    T maxPool(Op.MaxPool op, T x);

    /**
     * Computes {@link Op.GatherTokens}.
     *
     * @param op without settings
     * @param x {@code [B, N, C]}
     * @param index {@code [B, M]} of {@code INT64}, each from 0 to N - 1
     * @return {@code [B, M, C]}
     */
    T gatherTokens(Op.GatherTokens op, T x, T index);

    /**
     * Computes {@link Op.Softmax}.
     *
     * @param op without settings
     * @param x {@code […, K]}
     * @return {@code […, K]}, from 0 to 1, each row of the last axis summing to 1
     */
    T softmax(Op.Softmax op, T x);

    /**
     * Computes {@link Op.Elementwise}.
     *
     * @param op the function
     * @param x any shape
     * @return the same shape
     */
    T elementwise(Op.Elementwise op, T x);

    /**
     * Computes {@link Op.MatrixProduct}.
     *
     * @param op without settings
     * @param left {@code […, M, K]}
     * @param right {@code […, K, N]}; a first axis of size 1 in either is repeated
     * @return {@code […, M, N]}
     */
    T matrixProduct(Op.MatrixProduct op, T left, T right);

    /**
     * Computes {@link Op.RoiAlign}.
     *
     * @param op bins, scales of the levels and sampling
     * @param maps one per level {@code [B, h, w, C]}, the finest first
     * @param boxes {@code [R, 6]}: sample, level, x1, y1, x2, y2 in pixels
     * @return {@code [R, height, width, C]}
     */
    T roiAlign(Op.RoiAlign op, List<T> maps, T boxes);

    /**
     * Computes {@link Op.DropPath}.
     *
     * @param op the rate, from 0 to below 1
     * @param x {@code [B, …]}
     * @return the same shape; samples are 0 or scaled by 1 / (1 - rate)
     */
    T dropPath(Op.DropPath op, T x);

    /**
     * Computes {@link Op.Dropout}.
     *
     * @param op the rate, from 0 to below 1
     * @param x any shape
     * @return the same shape; elements are 0 or scaled by 1 / (1 - rate)
     */
    T dropout(Op.Dropout op, T x);

    /**
     * Computes {@link Op.MeanSquaredError}.
     *
     * @param op without settings
     * @param prediction any shape
     * @param target the same shape
     * @return {@code [1]}
     */
    T meanSquaredError(Op.MeanSquaredError op, T prediction, T target);

    /**
     * Computes {@link Op.SmoothL1}.
     *
     * @param op the error at which the quadratic part ends
     * @param prediction any shape
     * @param target the same shape
     * @param weight the same shape; a factor for each element
     * @return {@code [1]}
     */
    T smoothL1(Op.SmoothL1 op, T prediction, T target, T weight);

    /**
     * Computes {@link Op.BinaryCrossEntropy}.
     *
     * @param op without settings
     * @param logits any shape
     * @param target the same shape, from 0 to 1
     * @param weight the same shape; a factor for each element
     * @return {@code [1]}
     */
    T binaryCrossEntropy(Op.BinaryCrossEntropy op, T logits, T target, T weight);

    /**
     * Computes {@link Op.CrossEntropy}.
     *
     * @param op without settings
     * @param logits {@code [B, …, K]}
     * @param target {@code [B, …, K]}: probabilities of the classes
     * @return {@code [1]}
     */
    T crossEntropy(Op.CrossEntropy op, T logits, T target);

    /**
     * Releases a tensor that no later node reads.
     *
     * @param tensor an input or result of an earlier operation; not used again
     */
    default void release(T tensor) {}
}
