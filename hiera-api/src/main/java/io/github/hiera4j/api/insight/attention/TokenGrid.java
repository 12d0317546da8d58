package io.github.hiera4j.api.insight.attention;

import io.github.hiera4j.api.insight.picture.Grid;
import io.github.hiera4j.model.network.Axes;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.TokenOrder;
import java.util.ArrayList;
import java.util.List;

/** The positions of a network's unrolled tokens in the image after a number of poolings. Immutable. */
public final class TokenGrid {
    private final int steps;
    private final int rows;
    private final int columns;
    private final int[] places; // row-major position of each unrolled token

    /**
     * Computes the positions of tokens.
     *
     * @param config an encoder's settings
     * @param poolings number of query poolings
     */
    public TokenGrid(HieraConfig config, int poolings) {
        TokenOrder order = TokenOrder.of(config);
        List<Integer> grid = order.grid(poolings);
        int axes = grid.size();
        rows = grid.get(axes - 2);
        columns = grid.get(axes - 1);
        steps = Axes.product(grid) / rows / columns;
        places = order.rasterPositions(poolings);
    }

    /** {@return steps in time; 1 for images} */
    public int steps() {
        return steps;
    }

    /** {@return rows of tokens} */
    public int rows() {
        return rows;
    }

    /** {@return columns of tokens} */
    public int columns() {
        return columns;
    }

    /** {@return the number of tokens} */
    public int tokens() {
        return places.length;
    }

    /**
     * Returns the unrolled token at a position.
     *
     * @param step in time, from 0
     * @param row from the top
     * @param column from the left
     * @return its number
     */
    public int tokenAt(int step, int row, int column) {
        int wanted = (step * rows + row) * columns + column;
        for (int token = 0; token < places.length; token++) {
            if (places[token] == wanted) {
                return token;
            }
        }
        throw new IndexOutOfBoundsException("no token at step " + step + ", row " + row + ", column " + column);
    }

    /**
     * Arranges values of unrolled tokens in image order.
     *
     * @param values one per unrolled token
     * @return one grid per step in time
     */
    public List<Grid> grids(double[] values) {
        float[][] grids = new float[steps][rows * columns];
        for (int token = 0; token < places.length; token++) {
            grids[places[token] / (rows * columns)][places[token] % (rows * columns)] = (float) values[token];
        }
        List<Grid> result = new ArrayList<>();
        for (float[] grid : grids) {
            result.add(new Grid(rows, columns, grid));
        }
        return result;
    }
}
