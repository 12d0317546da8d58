package io.github.hiera4j.api.insight.picture;

import static io.github.hiera4j.model.Check.check;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A grid of numbers over a picture.
 *
 * @param rows from the top
 * @param columns from the left
 * @param values row-major; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // large, ownership is transferred
public record Grid(int rows, int columns, float[] values) {
    /**
     * Checks the size.
     *
     * @param rows from the top
     * @param columns from the left
     * @param values row-major
     */
    public Grid {
        check(
                rows > 0 && columns > 0 && values.length == rows * columns,
                "a grid of %d x %d needs as many numbers, got %d",
                rows,
                columns,
                values.length);
    }

    /**
     * Returns one number.
     *
     * @param row from the top
     * @param column from the left
     * @return the number
     */
    public float at(int row, int column) {
        return values[row * columns + column];
    }

    /** {@return the numbers, one array per row} */
    public List<float[]> toRows() {
        return IntStream.range(0, rows)
                .mapToObj(row -> Arrays.copyOfRange(values, row * columns, (row + 1) * columns))
                .toList();
    }

    /** {@return the largest number} */
    public float largest() {
        float largest = Float.NEGATIVE_INFINITY;
        for (float value : values) {
            largest = Math.max(largest, value);
        }
        return largest;
    }

    /** {@return the smallest number} */
    public float smallest() {
        float smallest = Float.POSITIVE_INFINITY;
        for (float value : values) {
            smallest = Math.min(smallest, value);
        }
        return smallest;
    }

    /** {@return the position of the largest number, row-major} */
    public int indexOfLargest() {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }

    /**
     * Repeats every number over the pixels that its cell covers.
     *
     * @param height a multiple of the rows, or any number of pixels
     * @param width a multiple of the columns, or any number of pixels
     * @return {@code height} × {@code width} numbers
     */
    public Grid spread(int height, int width) {
        float[] result = new float[height * width];
        for (int y = 0; y < height; y++) {
            int row = (int) ((long) y * rows / height);
            for (int x = 0; x < width; x++) {
                result[y * width + x] = at(row, (int) ((long) x * columns / width));
            }
        }
        return new Grid(height, width, result);
    }

    /**
     * Interpolates linearly between the centres of the cells.
     *
     * @param height pixels
     * @param width pixels
     * @return {@code height} × {@code width} numbers
     */
    public Grid smooth(int height, int width) {
        float[] result = new float[height * width];
        for (int y = 0; y < height; y++) {
            double v = Math.max(0, Math.min(rows - 1.0, (y + 0.5) * rows / height - 0.5));
            int top = (int) v;
            int bottom = Math.min(rows - 1, top + 1);
            for (int x = 0; x < width; x++) {
                double u = Math.max(0, Math.min(columns - 1.0, (x + 0.5) * columns / width - 0.5));
                int left = (int) u;
                int right = Math.min(columns - 1, left + 1);
                double above = at(top, left) * (1 - (u - left)) + at(top, right) * (u - left);
                double below = at(bottom, left) * (1 - (u - left)) + at(bottom, right) * (u - left);
                result[y * width + x] = (float) (above * (1 - (v - top)) + below * (v - top));
            }
        }
        return new Grid(height, width, result);
    }
}
