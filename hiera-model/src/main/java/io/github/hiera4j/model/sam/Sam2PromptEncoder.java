package io.github.hiera4j.model.sam;

import io.github.hiera4j.model.graph.Function;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.network.ChannelLast;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.List;

/**
 * Encodes prompts as tokens and maps: points by random Fourier features of their position plus a vector per label, earlier masks
 * by a small convolutional network.
 */
record Sam2PromptEncoder(Sam2Config config) {
    private static final String PREFIX = "sam_prompt_encoder";

    /**
     * Encodes points and box corners.
     *
     * @param points {@code [B, T, 2]}, x and y from -1 to 1
     * @param labels {@code [B, T, 5]}, 1 at the {@link PointLabel} of each point; all 0 for a padding token
     * @return {@code [B, T, dim]}
     */
    Value points(GraphBuilder network, Value points, Value labels) {
        GraphBuilder g = network.scope(PREFIX);
        Value places = fourierFeatures(g, points);
        Value isPlace = g.matmul(labels, "is_place", g.constant("places", placeColumn()));
        Value vectors = g.matmul(labels, "label_vectors", g.permute(labelTable(g), List.of(1, 0)));
        return g.add(g.multiply(places, isPlace), vectors);
    }

    /** Returns 1 for every label except the placeholder: {@code [1, labels]}. */
    private static HostTensor placeColumn() {
        float[] column = new float[PointLabel.COUNT];
        java.util.Arrays.fill(column, 1);
        column[PointLabel.NOT_A_POINT.column()] = 0;
        return HostTensor.of(Shape.of(1, column.length), column);
    }

    /** Returns the vectors of all labels, {@code [labels, dim]}. */
    private Value labelTable(GraphBuilder g) {
        Value[] rows = new Value[PointLabel.COUNT];
        for (PointLabel label : PointLabel.values()) {
            rows[label.column()] = row(g, label.parameter());
        }
        return g.reshape(g.concat(1, rows), rows.length, config.dim());
    }

    private Value row(GraphBuilder g, String name) {
        return g.reshape(g.parameter(name + ".weight", Shape.of(1, config.dim())), 1, 1, config.dim());
    }

    /** Sines and cosines of random projections: {@code [B, N, 2]} to {@code [B, N, dim]}. */
    private Value fourierFeatures(GraphBuilder g, Value places) {
        Value matrix = g.parameter("pe_layer.positional_encoding_gaussian_matrix", Shape.of(2, config.dim() / 2));
        Value circle = g.constant("circle", HostTensor.of(Shape.of(1, 1), 2 * Math.PI));
        Value turns = g.multiply(g.permute(matrix, List.of(1, 0)), circle);
        Value angles = g.matmul(places, "angles", turns);
        return g.concat(2, g.elementwise(angles, Function.SINE), g.elementwise(angles, Function.COSINE));
    }

    /** Returns the position encodings of the image embedding's tokens: {@code [1, h·w, dim]}. */
    Value imagePositions(GraphBuilder network) {
        int size = config.embeddingSize();
        double[] centres = new double[size * size * 2];
        for (int token = 0; token < size * size; token++) {
            int row = token / size;
            int column = token % size;
            centres[2 * token] = 2 * (column + 0.5) / size - 1;
            centres[2 * token + 1] = 2 * (row + 0.5) / size - 1;
        }
        GraphBuilder g = network.scope(PREFIX);
        return fourierFeatures(g, g.constant("centres", HostTensor.of(Shape.of(1, size * size, 2), centres)));
    }

    /** Returns the vector added to the image embedding if there is no mask prompt: {@code [1, 1, dim]}. */
    Value noMask(GraphBuilder network) {
        return row(network.scope(PREFIX), "no_mask_embed");
    }

    /** Encodes a mask prompt, to be added to the image embedding: logits {@code [B, 4h, 4w]} to {@code [B, h·w, dim]}. */
    Value mask(GraphBuilder network, Value logits) {
        GraphBuilder g = network.scope(PREFIX).scope("mask_downscaling");
        int size = config.embeddingSize();
        int channels = config.maskChannels();
        Value map = g.reshape(logits, Shape.batched(4 * size, 4 * size, 1));
        Value half = ChannelLast.normedGelu(g, ChannelLast.halved(g, map, "0", channels / 4), "1");
        Value quarter = ChannelLast.normedGelu(g, ChannelLast.halved(g, half, "3", channels), "4");
        Value wide = ChannelLast.pointwise(g, quarter, "6", config.dim());
        return g.reshape(wide, Shape.batched(size * size, config.dim()));
    }
}
