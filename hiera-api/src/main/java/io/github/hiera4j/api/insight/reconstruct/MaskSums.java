package io.github.hiera4j.api.insight.reconstruct;

import io.github.hiera4j.api.insight.picture.Grid;
import io.github.hiera4j.media.preprocess.Normalisation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Sums the predictions of each patch over several masks. */
final class MaskSums {
    private final PatchLayout layout;
    private final double[][] sums;
    private final double[][] squares;
    private final int[] counts;

    MaskSums(PatchLayout layout) {
        this.layout = layout;
        sums = new double[layout.tokens()][layout.values()];
        squares = new double[layout.tokens()][layout.values()];
        counts = new int[layout.tokens()];
    }

    /** Adds the masked patches of one mask. */
    void add(boolean[] hidden, IntFunction<float[]> patch) {
        for (int token = 0; token < hidden.length; token++) {
            if (hidden[token]) {
                counts[token]++;
                float[] values = patch.apply(token);
                for (int i = 0; i < values.length; i++) {
                    sums[token][i] += values[i];
                    squares[token][i] += (double) values[i] * values[i];
                }
            }
        }
    }

    /** Writes the means over the masked patches of a picture; returns each patch's deviation over masks, frame by frame. */
    List<Grid> finish(float[] pixels, Normalisation normalisation) {
        double samples =
                255 * normalisation.std().stream().mapToDouble(d -> d).average().orElse(1);
        int area = layout.rows * layout.columns;
        List<Grid> grids = new ArrayList<>();
        for (int frame = 0; frame < layout.frames; frame++) {
            float[] deviations = new float[area];
            for (int i = 0; i < area; i++) {
                deviations[i] = (float) (samples * finishPatch(pixels, frame * area + i));
            }
            grids.add(new Grid(layout.rows, layout.columns, deviations));
        }
        return grids;
    }

    private double finishPatch(float[] pixels, int token) {
        if (counts[token] == 0) {
            return 0;
        }
        float[] mean = new float[layout.values()];
        double variance = 0;
        for (int i = 0; i < mean.length; i++) {
            double average = sums[token][i] / counts[token];
            mean[i] = (float) average;
            variance += Math.max(0, squares[token][i] / counts[token] - average * average) / mean.length;
        }
        layout.put(pixels, token, mean);
        return Math.sqrt(variance);
    }
}
