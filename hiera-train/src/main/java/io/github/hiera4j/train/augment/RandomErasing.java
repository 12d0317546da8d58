package io.github.hiera4j.train.augment;

import static io.github.hiera4j.model.Check.check;

import java.nio.FloatBuffer;
import java.util.random.RandomGenerator;

/**
 * Overwrites a rectangle of a normalised sample with Gaussian noise (Zhong et al., AAAI 2020, per pixel).
 *
 * @param probability of erasing a rectangle
 */
public record RandomErasing(double probability) {
    private static final int ATTEMPTS = 10;

    /**
     * Checks the values.
     *
     * @param probability of erasing a rectangle
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public RandomErasing {
        check(probability >= 0 && probability <= 1, "erasing needs a probability, got %s", probability);
    }

    /**
     * Erases a rectangle with the configured probability, at the same place in every frame.
     *
     * @param pixels planes of {@code height · width}, starting at {@code offset}
     * @param offset where the sample starts in the buffer, in elements
     * @param planes channels times frames
     * @param height in pixels
     * @param width in pixels
     * @param random source of random numbers
     */
    public void apply(FloatBuffer pixels, int offset, int planes, int height, int width, RandomGenerator random) {
        if (random.nextDouble() >= probability) {
            return;
        }
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            double area = height * (double) width * (0.02 + (1.0 / 3 - 0.02) * random.nextDouble());
            double ratio = Math.exp(Math.log(3.3) * (2 * random.nextDouble() - 1));
            int rows = (int) Math.round(Math.sqrt(area * ratio));
            int columns = (int) Math.round(Math.sqrt(area / ratio));
            if (rows < height && columns < width) {
                int top = random.nextInt(height - rows + 1);
                int left = random.nextInt(width - columns + 1);
                for (int plane = 0; plane < planes; plane++) {
                    for (int row = top; row < top + rows; row++) {
                        int start = offset + (plane * height + row) * width;
                        for (int column = left; column < left + columns; column++) {
                            pixels.put(start + column, (float) random.nextGaussian());
                        }
                    }
                }
                return;
            }
        }
    }
}
