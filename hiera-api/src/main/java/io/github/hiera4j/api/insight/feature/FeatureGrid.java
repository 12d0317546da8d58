package io.github.hiera4j.api.insight.feature;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.api.insight.picture.Grid;
import io.github.hiera4j.model.tensor.HostTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The features of all positions of one view, in image order.
 *
 * @param steps in time; 1 for images
 * @param rows from the top
 * @param columns from the left
 * @param channels numbers per position
 * @param values row-major {@code [steps, rows, columns, channels]}; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // large, ownership is transferred
public record FeatureGrid(int steps, int rows, int columns, int channels, float[] values) {

    /**
     * Creates the features of a stage map.
     *
     * @param map {@code [(T,) H, W, C]}
     * @return its features
     */
    public static FeatureGrid of(HostTensor map) {
        int[] sizes = map.shape().sizes();
        int last = sizes.length - 1;
        return new FeatureGrid(last == 3 ? sizes[0] : 1, sizes[last - 2], sizes[last - 1], sizes[last], map.toFloats());
    }

    /** {@return the number of positions} */
    public int positions() {
        return steps * rows * columns;
    }

    /**
     * Returns the features of one position.
     *
     * @param position row-major over steps, rows and columns
     * @return one number per channel
     */
    public float[] at(int position) {
        check(
                position >= 0 && position < positions(),
                "expected a position from 0 to %d, got %d",
                positions() - 1,
                position);
        return Arrays.copyOfRange(values, position * channels, (position + 1) * channels);
    }

    /**
     * Returns the position whose patch contains a pixel, in the middle step.
     *
     * @param x from the left, from 0
     * @param y from the top, from 0
     * @param width pixels of the view
     * @param height pixels of the view
     * @return row-major over steps, rows and columns
     */
    public int positionOf(int x, int y, int width, int height) {
        check(
                x >= 0 && x < width && y >= 0 && y < height,
                "the model sees %d x %d pixels, counted from 0: there is no pixel %d,%d",
                width,
                height,
                x,
                y);
        int row = (int) ((long) y * rows / height);
        int column = (int) ((long) x * columns / width);
        return (steps / 2 * rows + row) * columns + column;
    }

    /**
     * Returns the cosine similarity of given features and those of each position.
     *
     * @param features one number per channel
     * @return one grid per step, -1 to 1
     */
    public List<Grid> cosines(float[] features) {
        check(features.length == channels, "expected %d features, got %d", channels, features.length);
        double own = Math.sqrt(dot(features, features, 0));
        List<Grid> grids = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            float[] cosines = new float[rows * columns];
            for (int i = 0; i < cosines.length; i++) {
                int start = (step * rows * columns + i) * channels;
                double length = 0;
                for (int channel = 0; channel < channels; channel++) {
                    length += (double) values[start + channel] * values[start + channel];
                }
                double product = own * Math.sqrt(length);
                cosines[i] = product == 0 ? 0 : (float) (dot(features, values, start) / product);
            }
            grids.add(new Grid(rows, columns, cosines));
        }
        return grids;
    }

    private static double dot(float[] left, float[] right, int start) {
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            sum += (double) left[i] * right[start + i];
        }
        return sum;
    }
}
