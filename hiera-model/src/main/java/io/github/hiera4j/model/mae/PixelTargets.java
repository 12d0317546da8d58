package io.github.hiera4j.model.mae;

import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.tensor.Shape;
import java.util.List;

/**
 * The targets of the decoder: the pixels of each hidden token's patch, normalised per patch unless raw pixels are requested.
 *
 * <p>The order inside a patch follows the released code: {@code (c, y, x)} for images, {@code (y, x, c)} for video, where
 * only one frame per temporal patch is reconstructed.
 */
record PixelTargets(MaeConfig config) {
    /** Added to a patch's variance before the square root. */
    static final double EPSILON = 1e-6;

    /** Converts {@code [B, C, (T,) H, W]} to patches {@code [B, hidden tokens, predictionDim]}. */
    Value build(GraphBuilder g, Value pixels, Value hiddenTokens) {
        Value patches = config.encoder().isVideo() ? videoPatches(g, pixels) : imagePatches(g, pixels);
        Value hidden = g.gatherTokens(patches, hiddenTokens);
        return config.target() == MaeTarget.PIXELS ? hidden : g.standardize(hidden, EPSILON);
    }

    private Value imagePatches(GraphBuilder g, Value pixels) {
        List<Integer> grid = config.decoderGrid();
        int side = config.predictionStride();
        Value split =
                g.reshape(pixels, Shape.batched(config.encoder().inChans(), grid.get(0), side, grid.get(1), side));
        Value patches = g.permute(split, List.of(0, 2, 4, 1, 3, 5)); // [B, gridY, gridX, c, y, x]
        return g.reshape(patches, Shape.batched(grid.get(0) * grid.get(1), config.predictionDim()));
    }

    private Value videoPatches(GraphBuilder g, Value pixels) {
        HieraConfig encoder = config.encoder();
        List<Integer> grid = config.decoderGrid();
        int channels = encoder.inChans();
        int side = config.predictionStride();
        int area = encoder.inputSize().get(1) * encoder.inputSize().get(2);
        int step = encoder.patchStride().get(0);
        Value frames = g.slice(g.reshape(pixels, Shape.batched(channels, grid.get(0), step * area)), 3, 0, area);
        Value split = g.reshape(frames, Shape.batched(channels, grid.get(0), grid.get(1), side, grid.get(2), side));
        Value patches = g.permute(split, List.of(0, 2, 3, 5, 4, 6, 1)); // [B, t, gridY, gridX, y, x, c]
        return g.reshape(patches, Shape.batched(grid.get(0) * grid.get(1) * grid.get(2), config.predictionDim()));
    }
}
