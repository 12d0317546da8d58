package io.github.hiera4j.train.quickstart;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.video.Mp4Writer;
import io.github.hiera4j.train.optimize.Randomness;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * Clips of one moving shape; the movement is the class. Position, size and angle in the middle of a clip have the same distribution for
 * all classes, and the movement is symmetric about the middle: the middle frame gives no information about the class.
 */
final class MotionClips {
    static final int SIDE = 32;
    static final int FRAMES = 16;
    static final int FRAME_RATE = 30;

    /** The movement of the shape, in units of half a clip. */
    enum Movement {
        DOWN(0, 1, 0, 0),
        GROW(0, 0, 0, 1),
        LEFT(-1, 0, 0, 0),
        RIGHT(1, 0, 0, 0),
        SHRINK(0, 0, 0, -1),
        TURN_LEFT(0, 0, -1, 0),
        TURN_RIGHT(0, 0, 1, 0),
        UP(0, -1, 0, 0);

        static final List<Movement> ALL = List.of(values());

        private final int x;
        private final int y;
        private final int turn;
        private final int growth;

        Movement(int x, int y, int turn, int growth) {
            this.x = x;
            this.y = y;
            this.turn = turn;
            this.growth = growth;
        }
    }

    private MotionClips() {}

    static List<String> classNames() {
        List<String> names = new ArrayList<>();
        for (Movement movement : Movement.ALL) {
            names.add(movement.name().toLowerCase(Locale.ROOT));
        }
        return names;
    }

    /** Writes {@code directory/CLASS/NUMBER.mp4}, cycling through the classes. */
    static void write(Path directory, int count, long seed) {
        ClassDirectories.write(
                directory,
                classNames(),
                count,
                "mp4",
                (number, file) -> Mp4Writer.write(file, frames(number, seed), FRAME_RATE));
    }

    /** Returns one clip's frames before compression. */
    static List<Rgb8Image> frames(int number, long seed) {
        return draw(Movement.ALL.get(number % Movement.ALL.size()), Randomness.of(seed, number));
    }

    private static List<Rgb8Image> draw(Movement movement, RandomGenerator random) {
        BufferedImage background = Canvas.background(SIDE, random, 0, 100);
        Graphics2D behind = Canvas.graphics(background);
        Canvas.clutter(behind, SIDE, 2 + random.nextInt(3), random, 0, 100);
        behind.dispose();
        Outline outline = Outline.ANGULAR.get(random.nextInt(Outline.ANGULAR.size()));
        Texture texture = Texture.ALL.get(random.nextInt(Texture.ALL.size()));
        Color first = Canvas.colour(random, 110, 180);
        Color second = Canvas.colour(random, 180, 255);
        double x = SIDE * (0.4 + 0.2 * random.nextDouble());
        double y = SIDE * (0.4 + 0.2 * random.nextDouble());
        double side = SIDE * (0.44 + 0.12 * random.nextDouble());
        double angle = 2 * Math.PI * random.nextDouble();
        double speed = 0.8 + 0.4 * random.nextDouble();
        List<Rgb8Image> frames = new ArrayList<>();
        for (int frame = 0; frame < FRAMES; frame++) {
            double time = speed * (2.0 * frame / (FRAMES - 1) - 1); // about -1 … 1, 0 in the middle
            BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
            Graphics2D g = Canvas.graphics(image);
            g.drawImage(background, 0, 0, null);
            double turned = angle + movement.turn * time;
            double size = side * Math.exp(0.45 * movement.growth * time);
            texture.fill(
                    g,
                    outline.at(x + 0.26 * SIDE * movement.x * time, y + 0.26 * SIDE * movement.y * time, size, turned),
                    first,
                    second,
                    0.4 * size,
                    turned);
            g.dispose();
            frames.add(Canvas.pixels(image, 3, random));
        }
        return frames;
    }
}
