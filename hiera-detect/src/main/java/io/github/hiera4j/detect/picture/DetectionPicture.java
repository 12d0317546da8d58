package io.github.hiera4j.detect.picture;

import io.github.hiera4j.detect.Detection;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.AtomicFile;
import io.github.hiera4j.model.mask.RunLengthMask;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Draws detections into an image: tinted masks, boxes, and labels on a background in the class colour. */
public final class DetectionPicture {
    private static final double TINT = .45;
    private static final int SMALLEST_FONT = 11;
    private static final int MARGIN = 3; // pixels left and right of a label's text
    private static final int READABLE = 640; // pixels of the longer side

    private DetectionPicture() {}

    /**
     * Draws detections, with the best one on top.
     *
     * @param image the image
     * @param detections the detections
     * @return the image with the detections
     */
    public static BufferedImage draw(Rgb8Image image, List<Detection> detections) {
        BufferedImage picture = new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_INT_RGB);
        int[] rgb = new int[image.width() * image.height()];
        for (int at = 0; at < rgb.length; at++) {
            int x = at % image.width();
            int y = at / image.width();
            rgb[at] = image.sample(x, y, 0) << 16 | image.sample(x, y, 1) << 8 | image.sample(x, y, 2);
        }
        for (int i = detections.size() - 1; i >= 0; i--) {
            tint(rgb, detections.get(i));
        }
        picture.setRGB(0, 0, image.width(), image.height(), rgb, 0, image.width());
        Graphics2D g = picture.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        try {
            for (int i = detections.size() - 1; i >= 0; i--) {
                outline(g, picture, detections.get(i));
            }
            label(g, picture, detections);
        } finally {
            g.dispose();
        }
        return picture;
    }

    /**
     * Enlarges a small image by a whole factor before drawing, so that labels are readable.
     *
     * @param image the image
     * @param detections the detections
     * @return the image with the detections
     */
    public static BufferedImage enlarged(Rgb8Image image, List<Detection> detections) {
        int factor = Math.max(1, READABLE / Math.max(image.width(), image.height()));
        byte[] pixels = new byte[image.width() * image.height() * factor * factor * Rgb8Image.CHANNELS];
        int width = image.width() * factor;
        for (int at = 0; at < pixels.length; at++) {
            int pixel = at / Rgb8Image.CHANNELS;
            pixels[at] = (byte) image.sample(pixel % width / factor, pixel / width / factor, at % Rgb8Image.CHANNELS);
        }
        List<Detection> larger = detections.stream()
                .map(detection -> new Detection(
                        detection.label(),
                        detection.classIndex(),
                        detection.categoryId(),
                        detection.score(),
                        detection.x1() * factor,
                        detection.y1() * factor,
                        detection.x2() * factor,
                        detection.y2() * factor,
                        enlarged(detection.mask(), factor)))
                .toList();
        return draw(Rgb8Image.wrap(width, image.height() * factor, pixels), larger);
    }

    private static RunLengthMask enlarged(RunLengthMask mask, int factor) {
        byte[] from = mask.pixels();
        int width = mask.width() * factor;
        byte[] pixels = new byte[width * mask.height() * factor];
        for (int at = 0; at < pixels.length; at++) {
            pixels[at] = from[at / width / factor * mask.width() + at % width / factor];
        }
        return RunLengthMask.ofPixels(mask.height() * factor, width, pixels);
    }

    /**
     * {@return the pixels of a drawing}
     *
     * @param picture the drawing
     */
    public static Rgb8Image of(BufferedImage picture) {
        byte[] pixels = new byte[picture.getWidth() * picture.getHeight() * Rgb8Image.CHANNELS];
        for (int at = 0; at < pixels.length; at += Rgb8Image.CHANNELS) {
            int pixel = at / Rgb8Image.CHANNELS;
            int rgb = picture.getRGB(pixel % picture.getWidth(), pixel / picture.getWidth());
            pixels[at] = (byte) (rgb >> 16);
            pixels[at + 1] = (byte) (rgb >> 8);
            pixels[at + 2] = (byte) rgb;
        }
        return Rgb8Image.wrap(picture.getWidth(), picture.getHeight(), pixels);
    }

    /** Returns a colour that differs between neighbouring classes, with hues at multiples of the golden angle. */
    private static Color colour(int classIndex) {
        return Color.getHSBColor((float) (classIndex * .618033988749895 % 1), .85f, .95f);
    }

    private static void tint(int[] rgb, Detection detection) {
        Color colour = colour(detection.classIndex());
        byte[] mask = detection.mask().pixels();
        for (int at = 0; at < rgb.length; at++) {
            if (mask[at] != 0) {
                rgb[at] = mixed(rgb[at] >> 16 & 0xff, colour.getRed()) << 16
                        | mixed(rgb[at] >> 8 & 0xff, colour.getGreen()) << 8
                        | mixed(rgb[at] & 0xff, colour.getBlue());
            }
        }
    }

    private static int mixed(int below, int above) {
        return (int) Math.round(below * (1 - TINT) + above * TINT);
    }

    private static int fontSize(BufferedImage picture) {
        return Math.max(SMALLEST_FONT, Math.max(picture.getWidth(), picture.getHeight()) / 60);
    }

    private static void outline(Graphics2D g, BufferedImage picture, Detection detection) {
        g.setColor(colour(detection.classIndex()));
        g.setStroke(new BasicStroke(Math.max(1.5f, fontSize(picture) / 8f)));
        g.draw(new Rectangle2D.Double(
                detection.x1(), detection.y1(), detection.x2() - detection.x1(), detection.y2() - detection.y1()));
    }

    /** Places the best detection's label first and draws it last. */
    private static void label(Graphics2D g, BufferedImage picture, List<Detection> detections) {
        g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, fontSize(picture)));
        FontMetrics metrics = g.getFontMetrics();
        LabelPlacement placement = new LabelPlacement(picture.getWidth(), picture.getHeight());
        List<Rectangle> plates = detections.stream()
                .map(detection -> placement.place(
                        detection.x1(),
                        detection.y1(),
                        detection.x2(),
                        detection.y2(),
                        metrics.stringWidth(text(detection)) + 2 * MARGIN,
                        metrics.getHeight()))
                .toList();
        for (int i = detections.size() - 1; i >= 0; i--) {
            label(g, detections.get(i), plates.get(i));
        }
    }

    private static void label(Graphics2D g, Detection detection, Rectangle place) {
        Color plate = colour(detection.classIndex());
        g.setColor(plate);
        g.fill(place);
        double luminance = .299 * plate.getRed() + .587 * plate.getGreen() + .114 * plate.getBlue();
        g.setColor(luminance > 140 ? Color.BLACK : Color.WHITE);
        g.drawString(
                text(detection), place.x + MARGIN, place.y + g.getFontMetrics().getAscent());
    }

    private static String text(Detection detection) {
        return String.format(Locale.ROOT, "%s %.0f%%", detection.label(), 100 * detection.score());
    }

    /**
     * Writes or replaces a PNG.
     *
     * @param target the file to write
     * @param picture the image
     * @throws HieraException if it cannot be written
     */
    public static void write(Path target, BufferedImage picture) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(bytes)) {
            if (!ImageIO.write(picture, "png", stream)) {
                throw new HieraException(target + ": this Java cannot write PNG");
            }
        } catch (IOException fault) {
            throw new HieraException(target + ": cannot be encoded: " + fault.getMessage(), fault);
        }
        AtomicFile.write(target, channel -> Channels.newOutputStream(channel).write(bytes.toByteArray()));
    }
}
