package io.github.hiera4j.train.quickstart;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.train.optimize.Randomness;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import javax.imageio.ImageIO;

/**
 * Pictures of a shape filled with a texture: the classes are two shapes times five textures. Colours, position, size, angle,
 * background and clutter have the same distribution for all classes, areas are equal, and each colour of a texture covers half of it.
 */
final class ShapePictures {
    static final int SIDE = 64;
    private static final double CONTRAST = 80; // of a texture's two colours, of 255
    private static final double TURN = Math.toRadians(25);
    private static final List<Outline> SHAPES = List.of(Outline.TALL, Outline.WIDE);
    private static final int TEXTURES = Texture.ALL.size();

    private ShapePictures() {}

    /** Returns the names of the classes: {@code tall_stripes}, {@code tall_checks}, …. */
    static List<String> classNames() {
        List<String> names = new ArrayList<>();
        for (Outline outline : SHAPES) {
            for (Texture texture : Texture.values()) {
                names.add((outline + "_" + texture).toLowerCase(Locale.ROOT));
            }
        }
        return names;
    }

    /** Writes {@code directory/CLASS/NUMBER.jpg}, cycling through the classes. */
    static void write(Path directory, int count, long seed) {
        ClassDirectories.write(
                directory,
                classNames(),
                count,
                "jpg",
                (number, file) -> ImageIO.write(picture(number, seed), "jpg", file.toFile()));
    }

    /** Returns one picture before compression. */
    static BufferedImage picture(int number, long seed) {
        int kind = number % (SHAPES.size() * TEXTURES);
        RandomGenerator random = Randomness.of(seed, number);
        return noisy(draw(SHAPES.get(kind / TEXTURES), Texture.ALL.get(kind % TEXTURES), random), random);
    }

    private static BufferedImage draw(Outline outline, Texture texture, RandomGenerator random) {
        BufferedImage image = Canvas.background(SIDE, random, 0, 255);
        Graphics2D g = Canvas.graphics(image);
        Canvas.clutter(g, SIDE, 2 + random.nextInt(4), random, 0, 255);
        double side = SIDE * (0.5 + 0.14 * random.nextDouble());
        double x = SIDE * (0.42 + 0.16 * random.nextDouble());
        double y = SIDE * (0.42 + 0.16 * random.nextDouble());
        Color first = Canvas.colour(random, 0, 255);
        Color second = Canvas.against(first, CONTRAST, random);
        double period = 8 + 3 * random.nextDouble();
        double turn = TURN * (2 * random.nextDouble() - 1);
        texture.fill(
                g, outline.at(x, y, side, turn), first, second, period, turn + TURN * (2 * random.nextDouble() - 1));
        Canvas.clutter(g, SIDE, random.nextInt(2), random, 0, 255);
        g.dispose();
        return image;
    }

    private static BufferedImage noisy(BufferedImage image, RandomGenerator random) {
        Rgb8Image pixels = Canvas.pixels(image, 4, random);
        BufferedImage noisy = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < SIDE * SIDE; i++) {
            int x = i % SIDE;
            int y = i / SIDE;
            int packed = pixels.sample(x, y, 0) << 16 | pixels.sample(x, y, 1) << 8 | pixels.sample(x, y, 2);
            noisy.setRGB(x, y, packed);
        }
        return noisy;
    }
}
