package io.github.hiera4j.detect.geometry;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.graph.RoiAxis;
import java.util.Arrays;

/**
 * RoIAlign: pools features of boxes by averaging bilinear samples on a regular grid.
 *
 * <p>A bilinear sample is a product of a vertical and a horizontal interpolation, and so is the average over a grid of samples.
 * Each box therefore needs two small matrix products, {@code output = rows · features · columnsᵀ}, whose matrices have few
 * entries per line; the gradient is the same product with both transposed.
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
     * @param channels channels of the map
     * @param height in pixels
     * @param width in pixels
     * @param boxes boxes in pixels
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
            RoiAxis rows = axis(boxes.y1(i), boxes.y2(i), outputHeight, height);
            RoiAxis columns = axis(boxes.x1(i), boxes.x2(i), outputWidth, width);
            for (int channel = 0; channel < channels; channel++) {
                int target = (i * channels + channel) * outputHeight * outputWidth;
                pool(features, channel * height * width, width, rows, columns, pooled, target);
            }
        }
        return pooled;
    }

    private void pool(double[] features, int from, int width, RoiAxis rows, RoiAxis columns, double[] pooled, int to) {
        double[] line = new double[width];
        for (int y = 0; y < outputHeight; y++) {
            combineLines(features, from, width, rows, y, columns, line);
            for (int x = 0; x < outputWidth; x++) {
                pooled[to + y * outputWidth + x] = weigh(columns, line, x);
            }
        }
    }

    /**
     * Adds the gradient with respect to the features.
     *
     * @param gradient gradient of the output, {@code [boxes, channels, outputHeight, outputWidth]}
     * @param featureGradient {@code [channels, height, width]}, to which the result is added
     * @param channels channels of the map
     * @param height in pixels
     * @param width in pixels
     * @param boxes boxes in pixels
     */
    public void addGradient(
            double[] gradient, double[] featureGradient, int channels, int height, int width, Boxes boxes) {
        double[] line = new double[width];
        for (int i = 0; i < boxes.size(); i++) {
            RoiAxis rows = axis(boxes.y1(i), boxes.y2(i), outputHeight, height);
            RoiAxis columns = axis(boxes.x1(i), boxes.x2(i), outputWidth, width);
            for (int channel = 0; channel < channels; channel++) {
                int from = (i * channels + channel) * outputHeight * outputWidth;
                for (int y = 0; y < outputHeight; y++) {
                    Arrays.fill(line, 0);
                    for (int x = 0; x < outputWidth; x++) {
                        spread(columns, gradient[from + y * outputWidth + x], x, line);
                    }
                    spreadLines(line, rows, y, columns, featureGradient, channel * height * width, width);
                }
            }
        }
    }

    /** Returns the interpolation along one axis. */
    private RoiAxis axis(double from, double to, int bins, int length) {
        return RoiAxis.of(from, to, spatialScale, bins, length, samplingRatio, aligned);
    }

    /** Computes {@code line[x] = Σ weight · features[y, x]} for the columns used by the other axis. */
    private static void combineLines(
            double[] features, int from, int width, RoiAxis rows, int bin, RoiAxis columns, double[] line) {
        for (int x = columns.lowest(); x <= columns.highest(); x++) {
            double sum = 0;
            for (int i = 0; i < rows.count(bin); i++) {
                sum += rows.weight(bin, i) * features[from + rows.position(bin, i) * width + x];
            }
            line[x] = sum;
        }
    }

    private static double weigh(RoiAxis columns, double[] line, int bin) {
        double sum = 0;
        for (int i = 0; i < columns.count(bin); i++) {
            sum += columns.weight(bin, i) * line[columns.position(bin, i)];
        }
        return sum;
    }

    private static void spread(RoiAxis columns, double value, int bin, double[] line) {
        for (int i = 0; i < columns.count(bin); i++) {
            line[columns.position(bin, i)] += columns.weight(bin, i) * value;
        }
    }

    private static void spreadLines(
            double[] line, RoiAxis rows, int bin, RoiAxis columns, double[] target, int from, int width) {
        for (int i = 0; i < rows.count(bin); i++) {
            int row = from + rows.position(bin, i) * width;
            for (int x = columns.lowest(); x <= columns.highest(); x++) {
                target[row + x] += rows.weight(bin, i) * line[x];
            }
        }
    }
}
