package io.github.hiera4j.detect.train.quickstart;

import io.github.hiera4j.model.mask.RunLengthMask;
import io.github.hiera4j.train.optimize.Randomness;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.Line2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferInt;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Overlapping shapes in random colours on a random background with lines and noise. Neither colour nor position reveals the class.
 *
 * @param picture the image
 * @param instances the visible part of each shape
 */
record Scene(BufferedImage picture, List<Instance> instances) {
    private static final int MOST_SHAPES = 4; // in addition to the first
    private static final double LEAST_VISIBLE = .5;
    private static final int CONTRAST = 90;
    private static final int NOISE = 10;
    private static final double MOST_TURN = .4; // radians to either side

    /**
     * A shape.
     *
     * @param shape the class of the shape
     * @param mask the pixels not covered by later shapes
     */
    record Instance(SceneShape shape, RunLengthMask mask) {}

    private record Placed(SceneShape shape, Shape outline, int pixels) {}

    static Scene draw(int side, long seed, int number) {
        RandomGenerator random = Randomness.of(seed, number);
        BufferedImage picture = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = picture.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        Color ground = colour(random);
        g.setPaint(new GradientPaint(0, 0, ground, side, random.nextInt(side), near(ground, random)));
        g.fillRect(0, 0, side, side);
        lines(g, side, 3, random);
        int[] owner = new int[side * side];
        List<Placed> placed = new ArrayList<>();
        int wanted = 2 + random.nextInt(MOST_SHAPES);
        for (int attempt = 0; attempt < 4 * wanted && placed.size() < wanted; attempt++) {
            place(g, side, owner, placed, ground, random);
        }
        g.dispose();
        noise(picture, random);
        return new Scene(picture, instances(side, owner, placed));
    }

    private static void place(
            Graphics2D g, int side, int[] owner, List<Placed> placed, Color ground, RandomGenerator random) {
        SceneShape shape = SceneShape.ALL.get(random.nextInt(SceneShape.ALL.size()));
        double size = side * (.24 + .2 * random.nextDouble());
        double x = side * (.15 + .7 * random.nextDouble());
        double y = side * (.15 + .7 * random.nextDouble());
        Shape outline = shape.at(x, y, size, MOST_TURN * (2 * random.nextDouble() - 1));
        boolean[] covered = covered(outline, side);
        if (!leavesEnough(owner, covered, placed)) {
            return;
        }
        Color fill = against(ground, random);
        g.setPaint(new GradientPaint(
                (float) (x - size / 2), (float) y, fill, (float) (x + size / 2), (float) y, near(fill, random)));
        g.fill(outline);
        g.setColor(fill.darker());
        g.setStroke(new BasicStroke(1));
        g.draw(outline);
        int pixels = 0;
        for (int at = 0; at < covered.length; at++) {
            if (covered[at]) {
                owner[at] = placed.size() + 1;
                pixels++;
            }
        }
        placed.add(new Placed(shape, outline, pixels));
    }

    /** Returns the pixels whose centre is inside, as the renderer draws them without antialiasing. */
    private static boolean[] covered(Shape outline, int side) {
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_BYTE_GRAY);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        g.setColor(Color.WHITE);
        g.fill(outline);
        g.dispose();
        byte[] pixels = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
        boolean[] covered = new boolean[pixels.length];
        for (int at = 0; at < covered.length; at++) {
            covered[at] = pixels[at] != 0;
        }
        return covered;
    }

    /** Returns whether enough of every earlier shape remains visible. */
    private static boolean leavesEnough(int[] owner, boolean[] covered, List<Placed> placed) {
        int[] visible = new int[placed.size() + 1];
        for (int at = 0; at < owner.length; at++) {
            if (!covered[at]) {
                visible[owner[at]]++;
            }
        }
        for (int i = 0; i < placed.size(); i++) {
            if (visible[i + 1] < LEAST_VISIBLE * placed.get(i).pixels()) {
                return false;
            }
        }
        return true;
    }

    private static List<Instance> instances(int side, int[] owner, List<Placed> placed) {
        List<Instance> instances = new ArrayList<>();
        for (int i = 0; i < placed.size(); i++) {
            byte[] pixels = new byte[owner.length];
            for (int at = 0; at < pixels.length; at++) {
                pixels[at] = (byte) (owner[at] == i + 1 ? 1 : 0);
            }
            RunLengthMask mask = RunLengthMask.ofPixels(side, side, pixels);
            if (mask.area() > 0) {
                instances.add(new Instance(placed.get(i).shape(), mask));
            }
        }
        return List.copyOf(instances);
    }

    private static void lines(Graphics2D g, int side, int count, RandomGenerator random) {
        for (int i = 0; i < count; i++) {
            g.setColor(colour(random));
            g.setStroke(new BasicStroke((float) (.8 + random.nextDouble())));
            g.draw(new Line2D.Double(
                    side * random.nextDouble(),
                    side * random.nextDouble(),
                    side * random.nextDouble(),
                    side * random.nextDouble()));
        }
    }

    private static void noise(BufferedImage picture, RandomGenerator random) {
        int[] pixels = ((DataBufferInt) picture.getRaster().getDataBuffer()).getData();
        for (int at = 0; at < pixels.length; at++) {
            int rgb = pixels[at];
            pixels[at] = noisy(rgb >> 16 & 0xff, random) << 16
                    | noisy(rgb >> 8 & 0xff, random) << 8
                    | noisy(rgb & 0xff, random);
        }
    }

    private static int noisy(int value, RandomGenerator random) {
        return Math.max(0, Math.min(255, value + random.nextInt(2 * NOISE + 1) - NOISE));
    }

    private static Color colour(RandomGenerator random) {
        return new Color(random.nextInt(256), random.nextInt(256), random.nextInt(256));
    }

    private static Color near(Color colour, RandomGenerator random) {
        return new Color(
                noisy(colour.getRed(), random) * 9 / 10,
                noisy(colour.getGreen(), random) * 9 / 10,
                noisy(colour.getBlue(), random) * 9 / 10);
    }

    /** Returns a colour that contrasts with the background. */
    private static Color against(Color ground, RandomGenerator random) {
        while (true) {
            Color colour = colour(random);
            int distance = Math.abs(colour.getRed() - ground.getRed())
                    + Math.abs(colour.getGreen() - ground.getGreen())
                    + Math.abs(colour.getBlue() - ground.getBlue());
            if (distance > 2 * CONTRAST) {
                return colour;
            }
        }
    }
}
