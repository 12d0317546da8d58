package io.github.hiera4j.detect.geometry;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import java.util.Arrays;

/**
 * A list of boxes as corners {@code x1, y1, x2, y2} (left, top, right, bottom), in pixels.
 *
 * <p>A box with {@code x2 <= x1} or {@code y2 <= y1} is empty. The coordinates are stored in one array, four per box.
 */
public final class Boxes {
    private final double[] corners;

    private Boxes(double[] corners) {
        this.corners = corners;
    }

    /**
     * {@return boxes from their corners, which are not copied}
     *
     * @param corners x1, y1, x2, y2 of each box, one box after another
     * @throws HieraException if the length is not a multiple of 4
     */
    public static Boxes of(double... corners) {
        check(corners.length % 4 == 0, "expected four coordinates per box, got %d coordinates", corners.length);
        return new Boxes(corners);
    }

    /**
     * {@return boxes from rows {@code x1, y1, x2, y2}}
     *
     * @param rows x1, y1, x2, y2 of each box
     */
    public static Boxes ofRows(double[][] rows) {
        double[] corners = new double[4 * rows.length];
        for (int i = 0; i < rows.length; i++) {
            check(rows[i].length == 4, "expected four coordinates per box, got %d", rows[i].length);
            System.arraycopy(rows[i], 0, corners, 4 * i, 4);
        }
        return new Boxes(corners);
    }

    /** {@return the number of boxes} */
    public int size() {
        return corners.length / 4;
    }

    /**
     * Returns the left edge of box {@code i}.
     *
     * @param i the box, from 0
     * @return in pixels
     */
    public double x1(int i) {
        return corners[4 * i];
    }

    /**
     * Returns the top edge of box {@code i}.
     *
     * @param i the box, from 0
     * @return in pixels
     */
    public double y1(int i) {
        return corners[4 * i + 1];
    }

    /**
     * Returns the right edge of box {@code i}.
     *
     * @param i the box, from 0
     * @return in pixels
     */
    public double x2(int i) {
        return corners[4 * i + 2];
    }

    /**
     * Returns the bottom edge of box {@code i}.
     *
     * @param i the box, from 0
     * @return in pixels
     */
    public double y2(int i) {
        return corners[4 * i + 3];
    }

    /**
     * {@return the width of box {@code i}; negative if its corners are inverted}
     *
     * @param i the box, from 0
     */
    public double width(int i) {
        return x2(i) - x1(i);
    }

    /**
     * {@return the height of box {@code i}; negative if its corners are inverted}
     *
     * @param i the box, from 0
     */
    public double height(int i) {
        return y2(i) - y1(i);
    }

    /**
     * {@return the width times the height of box {@code i}}
     *
     * @param i the box, from 0
     */
    public double area(int i) {
        return width(i) * height(i);
    }

    /**
     * {@return whether a box has no area}
     *
     * @param i the box, from 0
     */
    public boolean isEmpty(int i) {
        return !(width(i) > 0 && height(i) > 0);
    }

    /**
     * {@return whether all four coordinates are finite}
     *
     * @param i the box, from 0
     */
    public boolean isFinite(int i) {
        return Double.isFinite(x1(i)) && Double.isFinite(y1(i)) && Double.isFinite(x2(i)) && Double.isFinite(y2(i));
    }

    /**
     * {@return the corners of box {@code i}, copied}
     *
     * @param i the box, from 0
     */
    public double[] corners(int i) {
        return Arrays.copyOfRange(corners, 4 * i, 4 * i + 4);
    }

    /** {@return all corners, copied: {@code [size() * 4]}} */
    public double[] toArray() {
        return corners.clone();
    }

    /**
     * {@return the boxes at the given positions, in that order}
     *
     * @param positions indices of the boxes, from 0
     */
    public Boxes select(int... positions) {
        double[] selected = new double[4 * positions.length];
        for (int i = 0; i < positions.length; i++) {
            System.arraycopy(corners, 4 * positions[i], selected, 4 * i, 4);
        }
        return new Boxes(selected);
    }

    /**
     * {@return these boxes followed by others}
     *
     * @param others other boxes
     */
    public Boxes append(Boxes others) {
        double[] all = Arrays.copyOf(corners, corners.length + others.corners.length);
        System.arraycopy(others.corners, 0, all, corners.length, others.corners.length);
        return new Boxes(all);
    }

    /**
     * {@return the boxes clipped to an image, {@code 0..width} and {@code 0..height}}
     *
     * @param height in pixels
     * @param width in pixels
     */
    public Boxes clip(double height, double width) {
        double[] clipped = new double[corners.length];
        for (int i = 0; i < corners.length; i++) {
            clipped[i] = Math.max(0, Math.min(i % 2 == 0 ? width : height, corners[i]));
        }
        return new Boxes(clipped);
    }

    /**
     * {@return the boxes with x and y multiplied}
     *
     * @param factorX factor for x1 and x2
     * @param factorY factor for y1 and y2
     */
    public Boxes scale(double factorX, double factorY) {
        double[] scaled = new double[corners.length];
        for (int i = 0; i < corners.length; i++) {
            scaled[i] = corners[i] * (i % 2 == 0 ? factorX : factorY);
        }
        return new Boxes(scaled);
    }

    /**
     * Returns the intersection over union of every box with every other box: {@code [size()][others.size()]}; 0 if the intersection
     * is empty, also for boxes without area.
     *
     * @param others other boxes
     * @return the overlaps
     */
    public double[][] iou(Boxes others) {
        double[][] iou = new double[size()][others.size()];
        for (int i = 0; i < size(); i++) {
            for (int j = 0; j < others.size(); j++) {
                double intersection = intersection(i, others, j);
                if (intersection > 0) {
                    iou[i][j] = intersection / (area(i) + others.area(j) - intersection);
                }
            }
        }
        return iou;
    }

    /**
     * Returns the intersection over union without a guard, as in torchvision: the quotient of the areas, NaN for two boxes without
     * area.
     *
     * @param others other boxes
     * @return the overlaps, {@code [size()][others.size()]}
     */
    public double[][] unguardedIou(Boxes others) {
        double[][] iou = new double[size()][others.size()];
        for (int i = 0; i < size(); i++) {
            for (int j = 0; j < others.size(); j++) {
                double intersection = intersection(i, others, j);
                iou[i][j] = intersection / (area(i) + others.area(j) - intersection);
            }
        }
        return iou;
    }

    /** Returns the common area of two boxes, at least 0. */
    double intersection(int i, Boxes others, int j) {
        double width = Math.min(x2(i), others.x2(j)) - Math.max(x1(i), others.x1(j));
        double height = Math.min(y2(i), others.y2(j)) - Math.max(y1(i), others.y1(j));
        return width > 0 && height > 0 ? width * height : 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Boxes boxes && Arrays.equals(corners, boxes.corners);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(corners);
    }

    @Override
    public String toString() {
        return "Boxes" + Arrays.toString(corners);
    }
}
