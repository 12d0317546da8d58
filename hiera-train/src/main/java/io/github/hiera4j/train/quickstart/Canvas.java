package io.github.hiera4j.train.quickstart;

import io.github.hiera4j.media.Rgb8Image;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Line2D;
import java.awt.image.BufferedImage;
import java.util.random.RandomGenerator;

/** Draws nuisance factors: backgrounds, colours and clutter that carry no information about the class. */
final class Canvas {
    private Canvas() {}

    /** Returns a picture whose background is a gradient between two random colours in a range of brightness. */
    static BufferedImage background(int side, RandomGenerator random, double darkest, double lightest) {
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = graphics(image);
        g.setPaint(new GradientPaint(
                0,
                0,
                colour(random, darkest, lightest),
                side,
                random.nextInt(side),
                colour(random, darkest, lightest)));
        g.fillRect(0, 0, side, side);
        g.dispose();
        return image;
    }

    static Graphics2D graphics(BufferedImage image) {
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        return g;
    }

    /** Draws lines and small outlines across the picture, in colours in a range of brightness. */
    static void clutter(Graphics2D g, int side, int pieces, RandomGenerator random, double darkest, double lightest) {
        for (int piece = 0; piece < pieces; piece++) {
            g.setColor(colour(random, darkest, lightest));
            double x = side * random.nextDouble();
            double y = side * random.nextDouble();
            if (random.nextBoolean()) {
                g.setStroke(new BasicStroke((float) (0.8 + 1.2 * random.nextDouble())));
                g.draw(new Line2D.Double(x, y, side * random.nextDouble(), side * random.nextDouble()));
            } else {
                Outline outline = Outline.ALL.get(random.nextInt(Outline.ALL.size()));
                g.fill(outline.at(x, y, side * (0.05 + 0.05 * random.nextDouble()), 6.3 * random.nextDouble()));
            }
        }
    }

    /** Returns a random colour whose brightness lies in a range within 0 … 255. */
    static Color colour(RandomGenerator random, double darkest, double lightest) {
        while (true) {
            Color candidate = new Color(random.nextInt(256), random.nextInt(256), random.nextInt(256));
            if (brightness(candidate) >= darkest && brightness(candidate) <= lightest) {
                return candidate;
            }
        }
    }

    /** Returns a random colour that is brighter or darker than another by at least {@code contrast}, which must be below 128. */
    static Color against(Color other, double contrast, RandomGenerator random) {
        while (true) {
            Color candidate = colour(random, 0, 255);
            if (Math.abs(brightness(candidate) - brightness(other)) >= contrast) {
                return candidate;
            }
        }
    }

    private static double brightness(Color colour) {
        return 0.3 * colour.getRed() + 0.59 * colour.getGreen() + 0.11 * colour.getBlue();
    }

    /** Returns the pixels with added sensor noise. */
    static Rgb8Image pixels(BufferedImage image, double noise, RandomGenerator random) {
        int side = image.getWidth();
        byte[] rgb = new byte[3 * side * side];
        for (int i = 0; i < side * side; i++) {
            int packed = image.getRGB(i % side, i / side);
            for (int channel = 0; channel < 3; channel++) {
                double value = (packed >> (16 - 8 * channel) & 0xff) + noise * random.nextGaussian();
                rgb[3 * i + channel] = (byte) Math.max(0, Math.min(255, Math.rint(value)));
            }
        }
        return Rgb8Image.wrap(side, side, rgb);
    }
}
