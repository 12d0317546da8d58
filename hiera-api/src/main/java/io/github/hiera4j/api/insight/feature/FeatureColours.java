package io.github.hiera4j.api.insight.feature;

import io.github.hiera4j.media.Rgb8Image;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Three principal components of the features of several files as red, green and blue: one scale for all files, so that equal colours
 * mean similar features across them.
 */
public final class FeatureColours {
    private static final int COLOURS = 3;
    private static final double CLIPPED = 0.01; // fraction of the positions that is clipped at each end

    private final PrincipalComponents components;
    private final double[] low = new double[COLOURS];
    private final double[] high = new double[COLOURS];

    private FeatureColours(PrincipalComponents components, List<float[]> projections) {
        this.components = components;
        for (int component = 0; component < COLOURS; component++) {
            int at = component;
            double[] all = projections.stream()
                    .flatMapToDouble(
                            one -> IntStream.range(0, one.length / COLOURS).mapToDouble(i -> one[i * COLOURS + at]))
                    .sorted()
                    .toArray();
            low[component] = all[(int) (CLIPPED * (all.length - 1))];
            high[component] = all[(int) Math.ceil((1 - CLIPPED) * (all.length - 1))];
        }
    }

    /**
     * Fits colours to the features of all files.
     *
     * @param files features with at least 3 channels
     * @return the colours
     */
    public static FeatureColours fit(List<FeatureGrid> files) {
        List<float[]> blocks = files.stream().map(FeatureGrid::values).toList();
        PrincipalComponents components =
                PrincipalComponents.fit(blocks, files.get(0).channels(), COLOURS);
        return new FeatureColours(
                components, blocks.stream().map(components::project).toList());
    }

    /** {@return the fractions of the variance that red, green and blue show, 0 to 1 each} */
    public List<Double> varianceShares() {
        return components.varianceShares();
    }

    /**
     * Returns the components of a file's features.
     *
     * @param features of one file
     * @return row-major {@code [steps, rows, columns, 3]}
     */
    public float[] components(FeatureGrid features) {
        return components.project(features.values());
    }

    /**
     * Returns a file in colours.
     *
     * @param features of one file
     * @return one picture per step, one pixel per position
     */
    public List<Rgb8Image> pictures(FeatureGrid features) {
        float[] projected = components(features);
        byte[] rgb = new byte[projected.length];
        for (int i = 0; i < rgb.length; i++) {
            int colour = i % COLOURS;
            double range = high[colour] - low[colour];
            double share = range > 0 ? (projected[i] - low[colour]) / range : 0.5;
            rgb[i] = (byte) Math.rint(255 * Math.max(0, Math.min(1, share)));
        }
        int frame = features.rows() * features.columns() * COLOURS;
        List<Rgb8Image> pictures = new ArrayList<>();
        for (int step = 0; step < features.steps(); step++) {
            pictures.add(Rgb8Image.wrap(
                    features.columns(), features.rows(), Arrays.copyOfRange(rgb, step * frame, (step + 1) * frame)));
        }
        return pictures;
    }
}
