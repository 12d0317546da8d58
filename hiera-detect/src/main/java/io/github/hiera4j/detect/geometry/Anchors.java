package io.github.hiera4j.detect.geometry;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import java.util.List;

/**
 * The boxes that region proposals start from: at every position of every feature map, one per ratio.
 *
 * @param strides pixels between positions, per level, finest first
 * @param sizes square root of the anchors' area in pixels, per level
 * @param ratios height divided by width, in the order of the network's outputs
 * @param rounded whether the shape of an anchor is rounded to whole pixels, half to even, as in torchvision
 * @param stridesFromInput whether the distance of positions is the size of the padded input divided by the size of the map, rounded
 *     down, as in torchvision; otherwise it is {@code strides}. They differ if the map's size was rounded up, as for p6 of an odd p5
 */
public record Anchors(
        List<Integer> strides, List<Double> sizes, List<Double> ratios, boolean rounded, boolean stridesFromInput) {
    /**
     * Checks the values and copies the collections.
     *
     * @param strides pixels between positions, per level, finest first
     * @param sizes square root of the anchors' area in pixels, per level
     * @param ratios height divided by width, in the order of the network's outputs
     * @param rounded whether the shape of an anchor is rounded to whole pixels, half to even, as in torchvision
     * @param stridesFromInput whether strides follow from the padded input
     * @throws HieraException if a list is empty, or strides and sizes differ in length
     */
    public Anchors {
        strides = List.copyOf(strides);
        sizes = List.copyOf(sizes);
        ratios = List.copyOf(ratios);
        check(!ratios.isEmpty(), "expected at least one ratio, got none");
        check(
                strides.size() == sizes.size() && !strides.isEmpty(),
                "expected one anchor size per stride, got %d sizes and %d strides",
                sizes.size(),
                strides.size());
    }

    /**
     * Returns five levels with one size each and three ratios, as in Mask R-CNN with a feature pyramid.
     *
     * @return the anchors
     */
    public static Anchors standard() {
        return new Anchors(
                List.of(4, 8, 16, 32, 64),
                List.of(32.0, 64.0, 128.0, 256.0, 512.0),
                List.of(.5, 1.0, 2.0),
                false,
                false);
    }

    /**
     * {@return the anchors of one position around the origin, one per ratio}
     *
     * @param level index of the level, 0 for the finest
     */
    public Boxes cell(int level) {
        double[] corners = new double[4 * ratios.size()];
        for (int i = 0; i < ratios.size(); i++) {
            double[] corner = rounded ? roundedCorners(level, i) : exactCorners(level, i);
            System.arraycopy(corner, 0, corners, 4 * i, corner.length);
        }
        return Boxes.of(corners);
    }

    private double[] exactCorners(int level, int ratio) {
        double width = Math.sqrt(sizes.get(level) * sizes.get(level) / ratios.get(ratio));
        double height = ratios.get(ratio) * width;
        return new double[] {-width / 2, -height / 2, width / 2, height / 2};
    }

    /** Computes in single precision, whose rounding matters for sides close to half a pixel. */
    private double[] roundedCorners(int level, int ratio) {
        float heights = (float) Math.sqrt(ratios.get(ratio).floatValue());
        float size = sizes.get(level).floatValue();
        double width = Math.rint(1 / heights * size / 2);
        double height = Math.rint(heights * size / 2);
        return new double[] {-width, -height, width, height};
    }

    /**
     * {@return all anchors of a level, ordered by y, x, ratio: {@code gridHeight * gridWidth * ratios} boxes}
     *
     * @param level index of the level, 0 for the finest
     * @param gridHeight rows of the map
     * @param gridWidth columns of the map
     * @param inputHeight rows of the padded input, in pixels
     * @param inputWidth columns of the padded input, in pixels
     */
    public Boxes grid(int level, int gridHeight, int gridWidth, int inputHeight, int inputWidth) {
        double[] cell = cell(level).toArray();
        double[] corners = new double[Math.multiplyExact(gridHeight * gridWidth, cell.length)];
        int rows = stridesFromInput ? inputHeight / gridHeight : strides.get(level);
        int columns = stridesFromInput ? inputWidth / gridWidth : strides.get(level);
        int at = 0;
        for (int y = 0; y < gridHeight; y++) {
            for (int x = 0; x < gridWidth; x++) {
                for (int side = 0; side < cell.length; side++) {
                    corners[at++] = cell[side] + (side % 2 == 0 ? (double) x * columns : (double) y * rows);
                }
            }
        }
        return Boxes.of(corners);
    }
}
