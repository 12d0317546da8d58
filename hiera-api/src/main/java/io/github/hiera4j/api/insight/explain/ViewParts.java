package io.github.hiera4j.api.insight.explain;

import io.github.hiera4j.api.insight.picture.Grid;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** A view divided into cells (steps in time, rows, columns) that can be covered with the mean colour, which is 0. */
final class ViewParts {
    private static final int CHANNELS = 3;

    private final Shape shape;
    private final float[] pixels;
    private final int frames;
    private final int height;
    private final int width;
    private final int steps;
    private final int rows;
    private final int columns;

    ViewParts(HostTensor view, int steps, int rows, int columns) {
        shape = view.shape();
        pixels = view.toFloats();
        frames = shape.rank() == 5 ? shape.size(2) : 1;
        height = shape.size(-2);
        width = shape.size(-1);
        this.steps = steps;
        this.rows = rows;
        this.columns = columns;
    }

    int cells() {
        return steps * rows * columns;
    }

    /** Returns the view with some cells covered. */
    HostTensor without(Collection<Integer> cells) {
        float[] covered = pixels.clone();
        cells.forEach(cell -> copy(new float[0], covered, cell));
        return HostTensor.of(shape, covered);
    }

    /** Returns the view with only some cells shown. */
    HostTensor only(Collection<Integer> cells) {
        float[] shown = new float[pixels.length];
        cells.forEach(cell -> copy(pixels, shown, cell));
        return HostTensor.of(shape, shown);
    }

    /** Copies a cell; an empty source represents the mean colour. */
    private void copy(float[] source, float[] target, int cell) {
        int step = cell / (rows * columns);
        int row = cell / columns % rows;
        int column = cell % columns;
        for (int frame = first(step, steps, frames); frame < first(step + 1, steps, frames); frame++) {
            for (int channel = 0; channel < CHANNELS; channel++) {
                for (int y = first(row, rows, height); y < first(row + 1, rows, height); y++) {
                    int line = ((channel * frames + frame) * height + y) * width;
                    for (int x = first(column, columns, width); x < first(column + 1, columns, width); x++) {
                        target[line + x] = source.length == 0 ? 0 : source[line + x];
                    }
                }
            }
        }
    }

    private static int first(int part, int parts, int size) {
        return (int) ((long) part * size / parts);
    }

    /** Returns the cells in the order of an attribution, the one with the most evidence for the class first. */
    List<Integer> ranked(Attribution attribution) {
        double[] sums = new double[cells()];
        List<Grid> maps = attribution.maps();
        for (int step = 0; step < steps; step++) {
            Grid map = maps.get((int) ((long) step * maps.size() / steps)).spread(height, width);
            for (int y = 0; y < height; y++) {
                int row = (int) ((long) y * rows / height);
                for (int x = 0; x < width; x++) {
                    int column = (int) ((long) x * columns / width);
                    sums[(step * rows + row) * columns + column] += map.at(y, x);
                }
            }
        }
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, sums.length).boxed().toList());
        order.sort(Comparator.comparingDouble((Integer cell) -> -sums[cell]));
        return order;
    }
}
