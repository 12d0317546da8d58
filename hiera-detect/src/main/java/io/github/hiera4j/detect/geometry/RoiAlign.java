package io.github.hiera4j.detect.geometry;

import static io.github.hiera4j.model.Check.check;

/**
 * RoIAlign: features of boxes, each averaged over bilinear samples on a regular grid.
 *
 * <p>A bilinear sample is a product of a vertical and a horizontal interpolation, and so is the average over a grid of samples.
 * Each box therefore costs two small matrix products, {@code output = rows · features · columnsᵀ}, whose matrices have few
 * entries per line; the gradient is the same with both transposed.
 *
 * <p>Source: He et al., Mask R-CNN (2017), with Detectron2's half-pixel alignment.
 *
 * @param outputHeight bins per column
 * @param outputWidth bins per row
 * @param spatialScale features per pixel: 1 / stride
 * @param samplingRatio samples per bin and axis; 0 chooses {@code ceil(box / bins)}
 * @param aligned shifts by half a pixel; otherwise boxes are at least one feature wide, as in torchvision's default
 */
public record RoiAlign(int outputHeight, int outputWidth, double spatialScale, int samplingRatio, boolean aligned) {

    /**
     * Pools boxes from one feature map.
     *
     * @param features {@code [channels, height, width]}
     * @return {@code [boxes, channels, outputHeight, outputWidth]}
     */
    public double[] pool(double[] features, int channels, int height, int width, Boxes boxes) {
        check(
                features.length == channels * height * width,
                "expected %d features, got %d",
                channels * height * width,
                features.length);
        double[] pooled = new double[boxes.size() * channels * outputHeight * outputWidth];
        for (int i = 0; i < boxes.size(); i++) {
            Axis rows = axis(boxes.y1(i), boxes.y2(i), outputHeight, height);
            Axis columns = axis(boxes.x1(i), boxes.x2(i), outputWidth, width);
            for (int channel = 0; channel < channels; channel++) {
                int target = (i * channels + channel) * outputHeight * outputWidth;
                pool(features, channel * height * width, width, rows, columns, pooled, target);
            }
        }
        return pooled;
    }

    private void pool(double[] features, int from, int width, Axis rows, Axis columns, double[] pooled, int to) {
        double[] line = new double[width];
        for (int y = 0; y < outputHeight; y++) {
            rows.combineLines(features, from, width, y, columns, line);
            for (int x = 0; x < outputWidth; x++) {
                pooled[to + y * outputWidth + x] = columns.weigh(line, x);
            }
        }
    }

    /**
     * Adds the gradient with respect to the features.
     *
     * @param gradient of the output, {@code [boxes, channels, outputHeight, outputWidth]}
     * @param featureGradient {@code [channels, height, width]}, added to
     */
    public void addGradient(
            double[] gradient, double[] featureGradient, int channels, int height, int width, Boxes boxes) {
        double[] line = new double[width];
        for (int i = 0; i < boxes.size(); i++) {
            Axis rows = axis(boxes.y1(i), boxes.y2(i), outputHeight, height);
            Axis columns = axis(boxes.x1(i), boxes.x2(i), outputWidth, width);
            for (int channel = 0; channel < channels; channel++) {
                int from = (i * channels + channel) * outputHeight * outputWidth;
                for (int y = 0; y < outputHeight; y++) {
                    java.util.Arrays.fill(line, 0);
                    for (int x = 0; x < outputWidth; x++) {
                        columns.spread(gradient[from + y * outputWidth + x], x, line);
                    }
                    rows.spreadLines(line, y, columns, featureGradient, channel * height * width, width);
                }
            }
        }
    }

    /** The interpolation along one axis. */
    private Axis axis(double from, double to, int bins, int length) {
        double start = from * spatialScale - (aligned ? .5 : 0);
        double extent = to * spatialScale - from * spatialScale;
        if (!aligned) {
            extent = Math.max(extent, 1);
        }
        double bin = extent / bins;
        int samples = samplingRatio > 0 ? samplingRatio : (int) Math.ceil(bin);
        Axis axis = new Axis(bins, Math.max(0, samples), length);
        for (int i = 0; i < bins; i++) {
            for (int sample = 0; sample < samples; sample++) {
                axis.add(i, start + i * bin + (sample + .5) * bin / samples, 1.0 / samples);
            }
        }
        return axis;
    }

    /** A sparse matrix {@code [bins, length]}: a few positions and weights per bin. */
    private static final class Axis {
        private final int length;
        private final int[] counts;
        private final int[][] positions;
        private final double[][] weights;
        private int lowest = Integer.MAX_VALUE;
        private int highest = -1;

        Axis(int bins, int samples, int length) {
            this.length = length;
            this.counts = new int[bins];
            this.positions = new int[bins][2 * samples];
            this.weights = new double[bins][2 * samples];
        }

        /** A sample at a coordinate; one that lies more than a feature outside adds nothing. */
        void add(int bin, double coordinate, double weight) {
            if (coordinate < -1 || coordinate > length) {
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

        /** {@code line[x] = Σ weight · features[y, x]}, for the columns that the other axis reads. */
        void combineLines(double[] features, int from, int width, int bin, Axis columns, double[] line) {
            for (int x = columns.lowest; x <= columns.highest; x++) {
                double sum = 0;
                for (int i = 0; i < counts[bin]; i++) {
                    sum += weights[bin][i] * features[from + positions[bin][i] * width + x];
                }
                line[x] = sum;
            }
        }

        double weigh(double[] line, int bin) {
            double sum = 0;
            for (int i = 0; i < counts[bin]; i++) {
                sum += weights[bin][i] * line[positions[bin][i]];
            }
            return sum;
        }

        void spread(double value, int bin, double[] line) {
            for (int i = 0; i < counts[bin]; i++) {
                line[positions[bin][i]] += weights[bin][i] * value;
            }
        }

        void spreadLines(double[] line, int bin, Axis columns, double[] target, int from, int width) {
            for (int i = 0; i < counts[bin]; i++) {
                int row = from + positions[bin][i] * width;
                for (int x = columns.lowest; x <= columns.highest; x++) {
                    target[row + x] += weights[bin][i] * line[x];
                }
            }
        }
    }
}
