package io.github.hiera4j.api.insight.picture;

import static io.github.hiera4j.model.Check.check;

import java.util.Arrays;
import java.util.List;

/**
 * Converts numbers to colours: the same scale is used for all pictures that are compared, and shown in the legend.
 *
 * @param colours the colours
 * @param low the number at the start of the colours
 * @param high the number at their end
 * @param label name of the numbers, with their unit
 */
public record Scale(ColourMap colours, double low, double high, String label) {
    /**
     * Checks the range.
     *
     * @param colours the colours
     * @param low the number at the start of the colours
     * @param high the number at their end
     * @param label name of the numbers
     */
    public Scale {
        check(low < high && high - low < Double.MAX_VALUE, "a scale needs a range, got %s to %s", low, high);
    }

    /**
     * Returns a scale from 0 to the largest number of the grids.
     *
     * @param label name of the numbers
     * @param grids all grids that are shown with this scale
     * @return the scale
     */
    public static Scale amounts(String label, Iterable<Grid> grids) {
        double largest = 0;
        for (Grid grid : grids) {
            largest = Math.max(largest, grid.largest());
        }
        return new Scale(ColourMap.SEQUENTIAL, 0, largest > 0 ? largest : 1, label);
    }

    /**
     * Returns a scale for numbers below and above zero, which is in the middle.
     *
     * @param label name of the numbers
     * @param grids all grids that are shown with this scale
     * @return the scale
     */
    public static Scale signed(String label, Iterable<Grid> grids) {
        double largest = 0;
        for (Grid grid : grids) {
            largest = Math.max(largest, Math.max(grid.largest(), -grid.smallest()));
        }
        double end = largest > 0 ? largest : 1;
        return new Scale(ColourMap.DIVERGING, -end, end, label);
    }

    /**
     * Returns a scale for numbers below and above zero, a few of which are much larger than the others: a fraction of the numbers lies
     * beyond the ends of the colours.
     *
     * @param label name of the numbers
     * @param grids all grids that are shown with this scale
     * @param clipped fraction of the numbers beyond the ends, such as 0.005
     * @return the scale
     */
    public static Scale signed(String label, List<Grid> grids, double clipped) {
        float[] sizes =
                new float[grids.stream().mapToInt(grid -> grid.values().length).sum()];
        int next = 0;
        for (Grid grid : grids) {
            for (float value : grid.values()) {
                sizes[next++] = Math.abs(value);
            }
        }
        Arrays.sort(sizes);
        double end = sizes.length == 0 ? 0 : sizes[(int) ((1 - clipped) * (sizes.length - 1))];
        return end > 0 ? new Scale(ColourMap.DIVERGING, -end, end, label) : signed(label, grids);
    }

    /**
     * Returns the colour of a number.
     *
     * @param value the number
     * @return {@code 0xRRGGBB}
     */
    public int rgb(double value) {
        return colours.rgb((value - low) / (high - low));
    }
}
