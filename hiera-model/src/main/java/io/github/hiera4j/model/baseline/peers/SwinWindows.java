package io.github.hiera4j.model.baseline.peers;

import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * Attention within windows of a grid.
 *
 * <p>Each window has its own group of heads, so that one operation computes all windows. The terms added to a score (the learned bias of
 * the distance, and −100 between regions that the shift made adjacent) are additional channels: a query has the terms of its row of
 * scores there, a key a one-hot vector of its position in the window.
 */
final class SwinWindows {
    private static final double BETWEEN_REGIONS = -100;

    private final int height;
    private final int width;
    private final int sideY;
    private final int sideX;
    private final int shiftY;
    private final int shiftX;
    private final int heads;

    /** @param isOdd whether windows are shifted, along an axis that has more than one */
    SwinWindows(int height, int width, int side, boolean isOdd, int heads) {
        this.height = height;
        this.width = width;
        sideY = Math.min(side, height);
        sideX = Math.min(side, width);
        shiftY = isOdd && height > sideY ? sideY / 2 : 0;
        shiftX = isOdd && width > sideX ? sideX / 2 : 0;
        this.heads = heads;
    }

    private int area() {
        return sideY * sideX;
    }

    private int windows() {
        return height / sideY * (width / sideX);
    }

    /** Rolls {@code [B, h, w, C]} up and to the left. */
    Value shift(GraphBuilder g, Value x) {
        return roll(g, roll(g, x, 1, shiftY), 2, shiftX);
    }

    Value shiftBack(GraphBuilder g, Value x) {
        return roll(g, roll(g, x, 1, (height - shiftY) % height), 2, (width - shiftX) % width);
    }

    private static Value roll(GraphBuilder g, Value x, int axis, int by) {
        int size = x.size(axis);
        return by == 0 ? x : g.concat(axis, g.slice(x, axis, by, size - by), g.slice(x, axis, 0, by));
    }

    /** Builds the attention, {@code qkv [B, h, w, 3·C]} to {@code [B, h, w, C]}; {@code g} is scoped to it. */
    Value attend(GraphBuilder g, Value qkv) {
        int channels = qkv.size(3) / 3;
        Value q = byWindow(g, g.slice(qkv, 3, 0, channels));
        Value k = byWindow(g, g.slice(qkv, 3, channels, channels));
        Value v = byWindow(g, g.slice(qkv, 3, 2 * channels, channels));
        Value widerQ = g.concat(3, q, bias(g, channels / heads));
        Value widerK = g.concat(3, k, g.constant("own_place", ownPlace()));
        Value attended = g.pooledAttention(
                flat(g, widerQ), flat(g, widerK), flat(g, v), windows() * heads, area()); // [B, area, windows·C]
        Value split = g.reshape(attended, Shape.batched(sideY, sideX, height / sideY, width / sideX, channels));
        return g.reshape(g.permute(split, List.of(0, 3, 1, 4, 2, 5)), Shape.batched(height, width, channels));
    }

    /** Converts {@code [B, h, w, C]} to {@code [B, area, windows·heads, d]}. */
    private Value byWindow(GraphBuilder g, Value x) {
        int channels = x.size(3);
        Value split = g.reshape(x, Shape.batched(height / sideY, sideY, width / sideX, sideX, channels));
        return g.reshape(
                g.permute(split, List.of(0, 2, 4, 1, 3, 5)),
                Shape.batched(area(), windows() * heads, channels / heads));
    }

    private static Value flat(GraphBuilder g, Value x) {
        return g.reshape(x, Shape.batched(x.size(1), x.size(2) * x.size(3)));
    }

    /** Returns the terms added to the scores, times √d because attention divides by it: {@code [1, area, windows·heads, area]}. */
    private Value bias(GraphBuilder g, int headDim) {
        double scale = Math.sqrt(headDim);
        int rows = (2 * sideY - 1) * (2 * sideX - 1);
        Value table = g.parameter("relative_position_bias_table", Shape.of(rows, heads));
        Value choice = g.constant("pairs", pairs(rows, scale)); // [area·area, rows]
        Value chosen = g.matmul(choice, "biases", g.permute(table, List.of(1, 0))); // [area·area, heads]
        Value byPair = g.permute(g.reshape(chosen, 1, area(), area(), heads), List.of(0, 1, 3, 2));
        Value everywhere =
                g.add(g.reshape(byPair, 1, area(), 1, heads * area()), g.constant("regions", regions(scale)));
        return g.reshape(everywhere, 1, area(), windows() * heads, area());
    }

    /** Returns a one-hot row of the table, scaled, for every pair of query and key. */
    private HostTensor pairs(int rows, double scale) {
        double[] values = new double[area() * area() * rows];
        for (int query = 0; query < area(); query++) {
            for (int key = 0; key < area(); key++) {
                int y = query / sideX - key / sideX + sideY - 1;
                int x = query % sideX - key % sideX + sideX - 1;
                values[(query * area() + key) * rows + y * (2 * sideX - 1) + x] = scale;
            }
        }
        return HostTensor.of(Shape.of(area() * area(), rows), values);
    }

    /** Returns a one-hot vector of each key's position, {@code [1, area, windows·heads, area]}. */
    private HostTensor ownPlace() {
        HostTensor places = HostTensor.allocate(DType.FLOAT32, Shape.of(1, area(), windows() * heads, area()));
        FloatBuffer values = places.floats();
        for (int key = 0; key < area(); key++) {
            for (int group = 0; group < windows() * heads; group++) {
                values.put((key * windows() * heads + group) * area() + key, 1);
            }
        }
        return places;
    }

    /** Returns the terms between tokens that the shift made adjacent, {@code [1, area, windows, heads·area]}; zeros without a shift. */
    private HostTensor regions(double scale) {
        double[] values = new double[area() * windows() * heads * area()];
        for (int query = 0; query < area(); query++) {
            for (int window = 0; window < windows(); window++) {
                for (int key = 0; key < area(); key++) {
                    if (region(window, query) != region(window, key)) {
                        for (int head = 0; head < heads; head++) {
                            int at = ((query * windows() + window) * heads + head) * area() + key;
                            values[at] = BETWEEN_REGIONS * scale;
                        }
                    }
                }
            }
        }
        return HostTensor.of(Shape.of(1, area(), windows(), heads * area()), values);
    }

    /** Returns which of the nine regions of the shifted grid a token is in. */
    private int region(int window, int token) {
        int columns = width / sideX;
        int y = window / columns * sideY + token / sideX;
        int x = window % columns * sideX + token % sideX;
        return 3 * part(y, height, sideY, shiftY) + part(x, width, sideX, shiftX);
    }

    private static int part(int at, int size, int side, int shift) {
        return shift == 0 || at < size - side ? 0 : at < size - shift ? 1 : 2;
    }
}
