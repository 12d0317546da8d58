package io.github.hiera4j.api.insight.reconstruct;

import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.List;

/**
 * The positions of a decoder token's predicted numbers in the picture. Only one frame per temporal patch of a clip is predicted; only
 * those frames are shown.
 */
final class PatchLayout {
    /** Added to a patch's variance before the square root, as in the targets. */
    private static final double EPSILON = 1e-6;

    private static final int CHANNELS = 3;

    final int frames;
    final int height;
    final int width;
    final int rows;
    final int columns;
    final int side;
    private final int frameStep;
    private final boolean video;

    PatchLayout(MaeConfig config) {
        HieraConfig encoder = config.encoder();
        List<Integer> grid = config.decoderGrid();
        int axes = grid.size();
        video = encoder.isVideo();
        frames = video ? grid.get(0) : 1;
        frameStep = video ? encoder.patchStride().get(0) : 1;
        rows = grid.get(axes - 2);
        columns = grid.get(axes - 1);
        side = config.predictionStride();
        height = rows * side;
        width = columns * side;
    }

    int tokens() {
        return frames * rows * columns;
    }

    int values() {
        return CHANNELS * side * side;
    }

    /** Returns the predicted frames, {@code [3, frames, H, W]}, of a view {@code [1, 3, (T,) H, W]}. */
    float[] shownFrames(HostTensor view) {
        float[] all = view.toFloats();
        int area = height * width;
        int total = all.length / CHANNELS / area;
        float[] shown = new float[CHANNELS * frames * area];
        for (int channel = 0; channel < CHANNELS; channel++) {
            for (int frame = 0; frame < frames; frame++) {
                int from = (channel * total + frame * frameStep) * area;
                System.arraycopy(all, from, shown, (channel * frames + frame) * area, area);
            }
        }
        return shown;
    }

    /** Returns the position in {@code [3, frames, H, W]} of a token's predicted number: (c, y, x) in images, (y, x, c) in video. */
    int position(int token, int index) {
        int channel = video ? index % CHANNELS : index / (side * side);
        int inside = video ? index / CHANNELS : index % (side * side);
        int frame = token / (rows * columns);
        int row = token / columns % rows;
        int y = row * side + inside / side;
        int x = token % columns * side + inside % side;
        return ((channel * frames + frame) * height + y) * width + x;
    }

    /** Returns mean and deviation of a token's patch, with which its target was normalised. */
    double[] statistics(float[] pixels, int token) {
        int count = values();
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += pixels[position(token, i)];
        }
        double mean = sum / count;
        double squares = 0;
        for (int i = 0; i < count; i++) {
            double difference = pixels[position(token, i)] - mean;
            squares += difference * difference;
        }
        return new double[] {mean, Math.sqrt(squares / (count - 1) + EPSILON)};
    }

    /** Writes a token's patch. */
    void put(float[] pixels, int token, float[] values) {
        for (int i = 0; i < values.length; i++) {
            pixels[position(token, i)] = values[i];
        }
    }

    /** Returns pixels {@code [3, frames, H, W]} as a view with these frames. */
    HostTensor tensor(float[] pixels) {
        return HostTensor.of(Shape.of(1, CHANNELS, frames, height, width), pixels);
    }
}
