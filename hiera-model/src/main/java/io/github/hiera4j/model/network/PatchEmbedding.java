package io.github.hiera4j.model.network;

import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Converts pixels to tokens: an overlapping convolution, then raster order (paper §3.1). */
record PatchEmbedding(HieraConfig config) {

    /** Maps {@code [B, C, (T,) H, W]} to {@code [B, N, embedDim]}. */
    Value build(GraphBuilder network, Value pixels) {
        GraphBuilder g = network.scope("patch_embed");
        Value patches = g.convolution(
                pixels,
                "proj",
                config.embedDim(),
                config.patchKernel(),
                config.patchStride(),
                config.patchPadding()); // [B, embedDim, (t,) h, w]
        int tokens = Axes.product(config.tokenGrid());
        Value flat = g.reshape(patches, Shape.batched(config.embedDim(), tokens));
        return g.permute(flat, List.of(0, 2, 1)); // [B, N, embedDim]
    }

    /**
     * Sets the pixels of hidden mask units to zero before the convolution, because its patches overlap and would otherwise leak
     * into visible neighbours.
     *
     * @param visibleUnits {@code [B, units]}, 1 for visible and 0 for hidden units
     */
    Value hide(GraphBuilder g, Value pixels, Value visibleUnits) {
        List<Integer> unitPixels = Axes.multiply(config.maskUnitSize(), config.patchStride());
        List<Integer> split = new ArrayList<>(List.of(config.inChans()));
        List<Integer> units = new ArrayList<>(List.of(1));
        for (int axis = 0; axis < config.axes(); axis++) {
            split.addAll(List.of(config.unitGrid().get(axis), unitPixels.get(axis)));
            units.addAll(List.of(config.unitGrid().get(axis), 1));
        }
        Value perUnit = g.reshape(pixels, batched(split)); // [B, C, unitsY, pixels, unitsX, pixels]
        Value keep = g.reshape(visibleUnits, batched(units)); // [B, 1, unitsY, 1, unitsX, 1]
        return g.reshape(g.multiply(perUnit, keep), pixels.shape());
    }

    private static Shape batched(List<Integer> sizes) {
        return Shape.batched(IntStream.range(0, sizes.size()).map(sizes::get).toArray());
    }
}
