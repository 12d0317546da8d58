package io.github.hiera4j.model.quantize;

import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Generates images and clips for a model that is quantised without samples of its own: sums of waves whose amplitude decreases with
 * frequency, as in photographs, overlaid with rectangles and discs of plain colour. They are the same on every machine.
 */
public final class SyntheticSamples {
    /** The default number of samples. */
    public static final int COUNT = 8;

    private static final long SEED = 20230601;
    private static final int WAVES = 24;
    private static final int SHAPES = 6;

    /** Mean and standard deviation used by the published models. */
    private static final double[] MEAN = {0.485, 0.456, 0.406};

    private static final double[] DEVIATION = {0.229, 0.224, 0.225};

    private SyntheticSamples() {}

    /**
     * Returns {@code count} normalised inputs {@code [1, C, (T,) H, W]} of a model's size.
     *
     * @param config the model, which determines size, length and channels of the samples
     * @param count number of samples, at least 1
     * @return float32 inputs, the same in each call
     */
    public static List<HostTensor> of(HieraConfig config, int count) {
        List<Integer> sizes = config.inputSize();
        int[] shape = new int[sizes.size() + 2];
        shape[0] = 1;
        shape[1] = config.inChans();
        for (int axis = 0; axis < sizes.size(); axis++) {
            shape[axis + 2] = sizes.get(axis);
        }
        List<HostTensor> samples = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(SEED);
        for (int number = 0; number < count; number++) {
            samples.add(draw(Shape.of(shape), random.split()));
        }
        return samples;
    }

    private static HostTensor draw(Shape shape, SplittableRandom random) {
        HostTensor sample = HostTensor.allocate(DType.FLOAT32, shape);
        int width = shape.size(-1);
        int height = shape.rank() >= 4 ? shape.size(-2) : 1;
        int channels = shape.size(1);
        int frames = sample.elements() / (width * height * channels);
        double contrast = 0.05 + 0.3 * random.nextDouble();
        List<Wave> waves = new ArrayList<>();
        for (int i = 0; i < WAVES; i++) {
            waves.add(Wave.random(random, channels));
        }
        List<Patch> patches = new ArrayList<>();
        for (int i = random.nextInt(SHAPES + 1); i > 0; i--) {
            patches.add(Patch.random(random, channels));
        }
        FloatBuffer values = sample.floats();
        for (int channel = 0; channel < channels; channel++) {
            for (int frame = 0; frame < frames; frame++) {
                for (int y = 0; y < height; y++) {
                    for (int x = 0; x < width; x++) {
                        double u = (double) x / width;
                        double v = (double) y / height;
                        double value = 0.45;
                        for (Wave wave : waves) {
                            value += contrast * wave.at(u, v, frame, channel);
                        }
                        for (Patch patch : patches) {
                            value = patch.covers(u, v, frame) ? patch.colour()[channel] : value;
                        }
                        int position = ((channel * frames + frame) * height + y) * width + x;
                        double limited = Math.max(0, Math.min(1, value));
                        values.put(position, (float) ((limited - MEAN[channel % 3]) / DEVIATION[channel % 3]));
                    }
                }
            }
        }
        return sample;
    }

    /** A plane wave whose amplitude is the reciprocal of its frequency. */
    private record Wave(double alongX, double alongY, double perFrame, double phase, double[] strength) {
        static Wave random(SplittableRandom random, int channels) {
            double frequency = Math.exp(random.nextDouble() * Math.log(60));
            double angle = random.nextDouble() * 2 * Math.PI;
            double[] strength = new double[channels];
            double shared = random.nextDouble() * 2 - 1;
            for (int channel = 0; channel < channels; channel++) {
                strength[channel] = (shared + 0.4 * (random.nextDouble() - 0.5)) / Math.sqrt(frequency);
            }
            return new Wave(
                    2 * Math.PI * frequency * Math.cos(angle),
                    2 * Math.PI * frequency * Math.sin(angle),
                    random.nextDouble() * 0.5,
                    random.nextDouble() * 2 * Math.PI,
                    strength);
        }

        double at(double u, double v, int frame, int channel) {
            return strength[channel] * Math.sin(alongX * u + alongY * v + perFrame * frame + phase);
        }
    }

    /** A rectangle or a disc that moves from frame to frame. */
    private record Patch(
            boolean round, double u, double v, double halfWidth, double halfHeight, double speed, double[] colour) {
        static Patch random(SplittableRandom random, int channels) {
            double[] colour = random.doubles(channels).toArray();
            return new Patch(
                    random.nextBoolean(),
                    random.nextDouble(),
                    random.nextDouble(),
                    0.03 + 0.2 * random.nextDouble(),
                    0.03 + 0.2 * random.nextDouble(),
                    0.02 * (random.nextDouble() - 0.5),
                    colour);
        }

        boolean covers(double x, double y, int frame) {
            double across = (x - u - speed * frame) / halfWidth;
            double down = (y - v) / halfHeight;
            return round ? across * across + down * down < 1 : Math.abs(across) < 1 && Math.abs(down) < 1;
        }
    }
}
