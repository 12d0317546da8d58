package io.github.hiera4j.model.graph;

import static io.github.hiera4j.model.Check.check;

/**
 * The interpolation of RoIAlign along one axis: a sparse matrix {@code [bins, length]} with a few positions and weights per bin.
 *
 * <p>A bilinear sample is a product of a vertical and a horizontal interpolation, and so is the average over a grid of samples:
 * {@code output = rows · features · columnsᵀ}. Source: He et al., Mask R-CNN (2017), with Detectron2's half-pixel alignment.
 */
public final class RoiAxis {
    private static final int MOST_SAMPLES = 1 << 14;

    private final int length;
    private final int[] counts;
    private final int[][] positions;
    private final double[][] weights;
    private int lowest = Integer.MAX_VALUE;
    private int highest = -1;

    private RoiAxis(int bins, int samples, int length) {
        this.length = length;
        this.counts = new int[bins];
        this.positions = new int[bins][2 * samples];
        this.weights = new double[bins][2 * samples];
    }

    /**
     * {@return the axis of one box}
     *
     * @param from first coordinate of the box in pixels
     * @param to last coordinate
     * @param scale features per pixel: 1 / stride
     * @param bins outputs along the axis
     * @param length features along the axis
     * @param samplingRatio samples per bin; 0 chooses {@code ceil(box / bins)}
     * @param aligned shifts by half a feature; otherwise a box is at least one feature long
     */
    public static RoiAxis of(
            double from, double to, double scale, int bins, int length, int samplingRatio, boolean aligned) {
        double start = from * scale - (aligned ? .5 : 0);
        double extent = to * scale - from * scale;
        if (!aligned) {
            extent = Math.max(extent, 1);
        }
        double bin = extent / bins;
        int samples = samplingRatio > 0 ? samplingRatio : (int) Math.max(0, Math.ceil(bin));
        check(
                samples <= MOST_SAMPLES,
                "a box from %s to %s is too long for a feature map of %d: clip boxes to the image",
                from,
                to,
                length);
        RoiAxis axis = new RoiAxis(bins, samples, length);
        for (int i = 0; i < bins; i++) {
            for (int sample = 0; sample < samples; sample++) {
                axis.add(i, start + i * bin + (sample + .5) * bin / samples, 1.0 / samples);
            }
        }
        return axis;
    }

    /** Adds a sample at a coordinate; one that is more than a feature outside contributes nothing. */
    private void add(int bin, double coordinate, double weight) {
        if (!(coordinate >= -1 && coordinate <= length)) {
            return;
        }
        double inside = Math.max(coordinate, 0);
        int low = (int) inside;
        if (low >= length - 1) {
            put(bin, length - 1, weight);
        } else {
            double fraction = inside - low;
            put(bin, low, (1 - fraction) * weight);
            put(bin, low + 1, fraction * weight);
        }
    }

    private void put(int bin, int position, double weight) {
        int count = counts[bin];
        if (count > 0 && positions[bin][count - 1] == position) {
            weights[bin][count - 1] += weight;
        } else if (count > 1 && positions[bin][count - 2] == position) {
            weights[bin][count - 2] += weight;
        } else {
            positions[bin][count] = position;
            weights[bin][count] = weight;
            counts[bin]++;
        }
        lowest = Math.min(lowest, position);
        highest = Math.max(highest, position);
    }

    /**
     * {@return the number of entries of a bin}
     *
     * @param bin the bin, from 0
     */
    public int count(int bin) {
        return counts[bin];
    }

    /**
     * {@return the feature that entry {@code i} of a bin reads, ascending within a bin}
     *
     * @param bin the bin, from 0
     * @param i the entry, from 0
     */
    public int position(int bin, int i) {
        return positions[bin][i];
    }

    /**
     * {@return the weight of entry {@code i} of a bin}
     *
     * @param bin the bin, from 0
     * @param i the entry, from 0
     */
    public double weight(int bin, int i) {
        return weights[bin][i];
    }

    /** {@return the first feature that any bin reads; larger than {@link #highest} if none is read} */
    public int lowest() {
        return lowest;
    }

    /** {@return the last feature that any bin reads; -1 if none is read} */
    public int highest() {
        return highest;
    }
}
