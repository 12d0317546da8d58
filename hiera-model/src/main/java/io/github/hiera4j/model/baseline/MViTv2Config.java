package io.github.hiera4j.model.baseline;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.tensor.Shape;
import java.util.List;

/**
 * MViTv2 for images and videos.
 *
 * @param shape size, width, depth and head, in the terms of Hiera
 * @param widensInAttention whether the first block of a stage widens in its attention (tiny, small, base; videos); otherwise the last
 *     block of the previous stage widens in its MLP (large)
 * @param hasClassToken whether the head reads a class token (21K models and videos); otherwise the mean of all tokens
 * @param firstKeyStride stride of keys and values in the first stage per image axis: 4 for images, 8 for videos
 */
public record MViTv2Config(
        HieraConfig shape, boolean widensInAttention, boolean hasClassToken, List<Integer> firstKeyStride)
        implements BaselineModel {
    /**
     * Checks the settings.
     *
     * @param shape size, width, depth and head
     * @param widensInAttention whether a stage widens in the attention of its first block
     * @param hasClassToken whether there is a class token
     * @param firstKeyStride stride of keys and values in the first stage
     */
    public MViTv2Config {
        firstKeyStride = List.copyOf(firstKeyStride);
        check(shape.axes() >= 2, "MViTv2 needs images or videos, got input_size %s", shape.inputSize());
        check(firstKeyStride.size() == 2, "expected a stride of keys for height and width, got %s", firstKeyStride);
        check(shape.numClasses() > 0, "MViTv2 has a head: num_classes is 0");
    }

    /**
     * {@return a model for images: key stride 4, no class token}
     *
     * @param shape size, width, depth and head
     * @param widensInAttention whether a stage widens in the attention of its first block
     */
    public static MViTv2Config image(HieraConfig shape, boolean widensInAttention) {
        return new MViTv2Config(shape, widensInAttention, false, List.of(4, 4));
    }

    /**
     * {@return a model for videos: key stride 8 and a class token; it widens in attention}
     *
     * @param shape size, width, depth and head
     */
    public static MViTv2Config video(HieraConfig shape) {
        return new MViTv2Config(shape, true, true, List.of(8, 8));
    }

    /**
     * {@return the same network with another head}
     *
     * @param classes the number of classes of the head
     * @param dropPath rate of the last block while training
     * @param headDropout rate before the head while training
     */
    public MViTv2Config with(int classes, double dropPath, double headDropout) {
        HieraConfig changed = shape.toBuilder()
                .numClasses(classes)
                .dropPathRate(dropPath)
                .headDropout(headDropout)
                .build();
        return new MViTv2Config(changed, widensInAttention, hasClassToken, firstKeyStride);
    }

    /**
     * {@return the same network with or without a class token}
     *
     * @param token whether it has one
     */
    public MViTv2Config withClassToken(boolean token) {
        return new MViTv2Config(shape, widensInAttention, token, firstKeyStride);
    }

    @Override
    public HieraConfig encoder() {
        return shape;
    }

    @Override
    public String architecture() {
        return "MViTv2";
    }

    @Override
    public Graph inferenceGraph() {
        HieraConfig still = shape.toBuilder().dropPathRate(0).headDropout(0).build();
        return new MViTv2(new MViTv2Config(still, widensInAttention, hasClassToken, firstKeyStride)).inferenceGraph();
    }

    @Override
    public Graph trainingGraph() {
        return new MViTv2(this).trainingGraph();
    }

    @Override
    public Shape inputShape() {
        return new LadderConfig(shape, Rung.A, true).inputShape();
    }

    @Override
    public int numClasses() {
        return shape.numClasses();
    }
}
