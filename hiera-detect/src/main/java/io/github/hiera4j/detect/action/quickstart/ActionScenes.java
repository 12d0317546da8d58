package io.github.hiera4j.detect.action.quickstart;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.video.Mp4Writer;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.train.optimize.Randomness;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Renders videos of two agents that move independently, in AVA's layout. An agent moves in one of four directions or stays, and turns
 * left, right or not; both are drawn from the same distribution for every agent. Positions, sizes, angles and colours in the key frame
 * do not reveal the actions: a model must use the motion, and that of the right agent.
 *
 * <p>A video lasts four seconds; its key frames are at 1, 2 and 3 seconds, with new agents in each.
 */
final class ActionScenes {
    static final int SIDE = 64;
    static final int FRAME_RATE = 15; // exactly the frames of a clip with stride 2
    static final int KEY_FRAMES = 3;

    /** The action names by class id, from 1. */
    static final List<String> ACTIONS =
            List.of("moves left", "moves right", "moves up", "moves down", "turns left", "turns right");

    private static final double REACH =
            7; // pixels of motion before and after the key frame, in a quarter of a second each
    private static final double QUARTER = 0.25;
    private static final double NOISE = 6;

    private ActionScenes() {}

    /** An agent around one key frame. */
    private record Agent(
            double x,
            double y,
            double side,
            double angle,
            int direction,
            int turn,
            int corners,
            Color first,
            Color second) {

        static Agent draw(double fromX, double toX, RandomGenerator random) {
            double side = 17 + 5 * random.nextDouble();
            double margin = side / 2 + REACH;
            double fromY = margin;
            double toY = SIDE - margin;
            return new Agent(
                    fromX + side / 2 + (toX - fromX - side) * random.nextDouble(),
                    fromY + (toY - fromY) * random.nextDouble(),
                    side,
                    2 * Math.PI * random.nextDouble(),
                    random.nextInt(5),
                    random.nextInt(3),
                    3 + random.nextInt(3),
                    bright(random, 140),
                    bright(random, 90));
        }

        private static Color bright(RandomGenerator random, int least) {
            return new Color(
                    least + random.nextInt(256 - least),
                    least + random.nextInt(256 - least),
                    least + random.nextInt(256 - least));
        }

        List<Integer> actions() {
            List<Integer> actions = new ArrayList<>();
            if (direction > 0) {
                actions.add(direction);
            }
            if (turn > 0) {
                actions.add(4 + turn);
            }
            return actions;
        }

        /** Returns the outline at a time in seconds after the key frame. */
        Shape outline(double time) {
            double progress = time / QUARTER;
            int[] across = {0, -1, 1, 0, 0};
            int[] down = {0, 0, 0, -1, 1};
            double turned = angle + (turn == 0 ? 0 : turn == 1 ? -1.1 : 1.1) * progress;
            AffineTransform place = AffineTransform.getTranslateInstance(
                    x + REACH * across[direction] * progress, y + REACH * down[direction] * progress);
            place.rotate(turned);
            place.scale(side / 2, side / 2);
            return place.createTransformedShape(polygon());
        }

        private Path2D polygon() {
            Path2D path = new Path2D.Double();
            for (int corner = 0; corner < corners; corner++) {
                double at = 2 * Math.PI * corner / corners;
                double radius = corner == 0 ? 1 : 0.85; // so that rotation is visible
                double px = radius * Math.cos(at);
                double py = radius * Math.sin(at);
                if (corner == 0) {
                    path.moveTo(px, py);
                } else {
                    path.lineTo(px, py);
                }
            }
            path.closePath();
            return path;
        }

        void paint(Graphics2D g, double time) {
            Shape shape = outline(time);
            Rectangle2D around = shape.getBounds2D();
            double turned = angle + (turn == 0 ? 0 : turn == 1 ? -1.1 : 1.1) * time / QUARTER;
            float dx = (float) (Math.cos(turned) * side / 2);
            float dy = (float) (Math.sin(turned) * side / 2);
            float cx = (float) around.getCenterX();
            float cy = (float) around.getCenterY();
            g.setPaint(new GradientPaint(cx - dx, cy - dy, second, cx + dx, cy + dy, first));
            g.fill(shape);
        }
    }

    /**
     * Writes a data set.
     *
     * @param train number of training videos
     * @param validation number of validation videos
     */
    static void write(Path root, int train, int validation, long seed) {
        Path videos = root.resolve("videos");
        try {
            Files.createDirectories(videos);
            StringBuilder labels = new StringBuilder();
            for (int i = 0; i < ACTIONS.size(); i++) {
                labels.append(
                        String.format(Locale.ROOT, "item {\n  name: \"%s\"\n  id: %d\n}\n", ACTIONS.get(i), i + 1));
            }
            Files.writeString(root.resolve("labels.pbtxt"), labels);
            Files.writeString(root.resolve("train.csv"), part(videos, "train", train, seed));
            Files.writeString(root.resolve("val.csv"), part(videos, "val", validation, seed + 1));
            Files.writeString(root.resolve("train_boxes.csv"), boxes("train", train, seed, true));
            Files.writeString(root.resolve("val_boxes.csv"), boxes("val", validation, seed + 1, false));
        } catch (IOException e) {
            throw new HieraException(root + ": cannot be written: " + e.getMessage(), e);
        }
    }

    private static List<Agent> agents(long seed, int number, int key) {
        RandomGenerator random = Randomness.of(seed, number, key);
        double middle = SIDE / 2.0;
        return List.of(Agent.draw(REACH, middle, random), Agent.draw(middle, SIDE - REACH, random));
    }

    /** Renders the videos and returns the rows for their persons. */
    private static String part(Path videos, String name, int count, long seed) {
        IntStream.range(0, count).parallel().forEach(number -> {
            Path file = videos.resolve(video(name, number) + ".mp4");
            Mp4Writer.write(file, frames(seed, number), FRAME_RATE);
        });
        StringBuilder rows = new StringBuilder();
        for (int number = 0; number < count; number++) {
            for (int key = 1; key <= KEY_FRAMES; key++) {
                List<Agent> agents = agents(seed, number, key);
                for (int i = 0; i < agents.size(); i++) {
                    for (int action : agents.get(i).actions()) {
                        rows.append(row(video(name, number), key, agents.get(i)))
                                .append(',')
                                .append(action)
                                .append(',')
                                .append(i)
                                .append('\n');
                    }
                }
            }
        }
        return rows.toString();
    }

    /** Returns the boxes of all agents, or only of those without actions. */
    private static String boxes(String part, int count, long seed, boolean idle) {
        StringBuilder rows = new StringBuilder();
        for (int number = 0; number < count; number++) {
            for (int key = 1; key <= KEY_FRAMES; key++) {
                for (Agent agent : agents(seed, number, key)) {
                    if (!idle || agent.actions().isEmpty()) {
                        rows.append(row(video(part, number), key, agent)).append(",,1\n");
                    }
                }
            }
        }
        return rows.toString();
    }

    private static String video(String part, int number) {
        return String.format(Locale.ROOT, "%s_%04d", part, number);
    }

    private static String row(String video, int key, Agent agent) {
        Rectangle2D box = agent.outline(0).getBounds2D();
        return String.format(
                Locale.ROOT,
                "%s,%04d,%.4f,%.4f,%.4f,%.4f",
                video,
                key,
                box.getMinX() / SIDE,
                box.getMinY() / SIDE,
                box.getMaxX() / SIDE,
                box.getMaxY() / SIDE);
    }

    private static List<Rgb8Image> frames(long seed, int number) {
        RandomGenerator random = Randomness.of(seed, number);
        BufferedImage background = background(random);
        List<Rgb8Image> frames = new ArrayList<>();
        for (int frame = 0; frame < (KEY_FRAMES + 1) * FRAME_RATE; frame++) {
            double time = (double) frame / FRAME_RATE;
            int key = (int) Math.max(1, Math.min(KEY_FRAMES, Math.round(time)));
            BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
            Graphics2D g = graphics(image);
            g.drawImage(background, 0, 0, null);
            for (Agent agent : agents(seed, number, key)) {
                agent.paint(g, time - key);
            }
            g.dispose();
            frames.add(pixels(image, random));
        }
        return frames;
    }

    private static Graphics2D graphics(BufferedImage image) {
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        return g;
    }

    private static BufferedImage background(RandomGenerator random) {
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = graphics(image);
        g.setPaint(new GradientPaint(0, 0, dark(random), SIDE, random.nextInt(SIDE), dark(random)));
        g.fillRect(0, 0, SIDE, SIDE);
        for (int line = 0; line < 5; line++) {
            g.setColor(dark(random));
            g.setStroke(new BasicStroke((float) (1 + 3 * random.nextDouble())));
            g.drawLine(random.nextInt(SIDE), random.nextInt(SIDE), random.nextInt(SIDE), random.nextInt(SIDE));
        }
        g.dispose();
        return image;
    }

    private static Color dark(RandomGenerator random) {
        return new Color(random.nextInt(90), random.nextInt(90), random.nextInt(90));
    }

    private static Rgb8Image pixels(BufferedImage image, RandomGenerator random) {
        int[] packed = image.getRGB(0, 0, SIDE, SIDE, null, 0, SIDE);
        byte[] rgb = new byte[3 * packed.length];
        for (int i = 0; i < packed.length; i++) {
            double noise = NOISE * (random.nextDouble() - 0.5);
            for (int channel = 0; channel < 3; channel++) {
                int value = packed[i] >> (16 - 8 * channel) & 0xff;
                rgb[3 * i + channel] = (byte) Math.max(0, Math.min(255, Math.round(value + noise)));
            }
        }
        return Rgb8Image.wrap(SIDE, SIDE, rgb);
    }
}
