package io.github.hiera4j.api.insight.picture;

import static io.github.hiera4j.model.Check.check;

import java.util.Arrays;
import java.util.List;

/**
 * How numbers become colours: the same for all pictures that are to be compared, and what the legend shows.
 *
 * @param colours the colours
 * @param low the number at the start of the colours
 * @param high the number at their end
 * @param label what the numbers are, with their unit
 */
public record Scale(ColourMap colours, double low, double high, String label) {
    /**
     * Checks the range.
     *
     * @param colours the colours
     * @param low the number at the start of the colours
     * @param high the number at their end
     * @param label what the numbers are
     */
    public Scale {
        check(low < high && high - low < Double.MAX_VALUE, "a scale needs a range, got %s to %s", low, high);
    }

    /**
     * Amounts from 0 to the largest of some grids.
     *
     * @param label what the numbers are
     * @param grids all that are shown by this scale
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
     * Numbers below and above zero, which is in the middle.
     *
     * @param label what the numbers are
     * @param grids all that are shown by this scale
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
     * Numbers below and above zero of which a few are much larger than the others: the colours end where all but a share lie.
     *
     * @param label what the numbers are
     * @param grids all that are shown by this scale
     * @param clipped share of the numbers beyond the ends, such as 0.005
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
     * The colour of a number.
     *
     * @param value the number
     * @return {@code 0xRRGGBB}
     */
    public int rgb(double value) {
        return colours.rgb((value - low) / (high - low));
    }
}
