package io.github.hiera4j.detect.action;

import io.github.hiera4j.detect.picture.LabelPlacement;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.video.Mp4Writer;
import io.github.hiera4j.media.video.VideoInfo;
import io.github.hiera4j.media.video.VideoReader;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.font.LineMetrics;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes mp4 clips with boxes and actions drawn in. */
public final class ActionClips {
    private static final int FRAME_RATE = 25;
    private static final int SHORTEST_SIDE = 240; // smaller frames are enlarged, so that text is legible
    private static final int LONGEST_SIDE = 1280; // larger frames are reduced
    private static final int MOST_LABELS = 3;
    private static final List<Color> COLOURS = List.of(
            new Color(0x1b9e77), new Color(0xd95f02), new Color(0x7570b3), new Color(0xe7298a), new Color(0x66a61e));

    private ActionClips() {}

    /**
     * Writes the part of a video around a key frame, with the boxes and up to three actions of each person drawn in.
     *
     * @param video an open video
     * @param second time of the key frame
     * @param seconds length of the clip
     * @param persons persons with their actions
     * @param threshold minimum probability of the actions to name; the most likely action is always named
     * @param file the file to write
     * @throws io.github.hiera4j.model.HieraException if the video cannot be read or the file cannot be written
     */
    public static void write(
            VideoReader video,
            double second,
            double seconds,
            List<HieraActions.Found> persons,
            double threshold,
            Path file) {
        VideoInfo info = video.info();
        double scale = scale(info.width(), info.height());
        int width = even(info.width() * scale);
        int height = even(info.height() * scale);
        double[] times = times(second, seconds, info.duration());
        try (Mp4Writer writer = Mp4Writer.open(file, width, height, FRAME_RATE)) {
            video.framesAt(times, (index, frame) -> writer.add(draw(frame, width, height, persons, threshold)));
            writer.finish();
        }
    }

    private static double scale(int width, int height) {
        double shorter = Math.min(width, height);
        double longer = Math.max(width, height);
        return Math.min(Math.max(1, SHORTEST_SIDE / shorter), LONGEST_SIDE / longer);
    }

    private static int even(double length) {
        return Math.max(2, 2 * (int) Math.round(length / 2));
    }

    private static double[] times(double second, double seconds, double duration) {
        double from = Math.max(0, second - seconds / 2);
        double to = Math.min(duration, second + seconds / 2);
        int count = Math.max(1, (int) Math.ceil((to - from) * FRAME_RATE));
        double[] times = new double[count];
        for (int i = 0; i < count; i++) {
            times[i] = from + (double) i / FRAME_RATE;
        }
        return times;
    }

    /** Returns a resized frame with boxes and action names. */
    static Rgb8Image draw(Rgb8Image frame, int width, int height, List<HieraActions.Found> persons, double threshold) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.drawImage(picture(frame), 0, 0, width, height, null);
        g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, Math.max(11, Math.min(width, height) / 24)));
        for (int i = 0; i < persons.size(); i++) {
            drawBox(g, persons.get(i), COLOURS.get(i % COLOURS.size()), width, height);
        }
        LabelPlacement placement = new LabelPlacement(width, height);
        for (int i = 0; i < persons.size(); i++) { // names last, so that no box crosses them
            drawNames(g, persons.get(i), COLOURS.get(i % COLOURS.size()), placement, threshold);
        }
        g.dispose();
        return pixels(image);
    }

    private static void drawBox(Graphics2D g, HieraActions.Found person, Color colour, int width, int height) {
        double[] box = person.box();
        g.setColor(colour);
        g.setStroke(new BasicStroke(Math.max(2, Math.min(width, height) / 160f)));
        g.drawRect(
                (int) Math.round(box[0] * width),
                (int) Math.round(box[1] * height),
                (int) Math.round((box[2] - box[0]) * width),
                (int) Math.round((box[3] - box[1]) * height));
    }

    private static void drawNames(
            Graphics2D g, HieraActions.Found person, Color colour, LabelPlacement placement, double threshold) {
        List<String> lines = new ArrayList<>();
        for (HieraActions.Action action : person.actions()) {
            if (lines.isEmpty() || (action.probability() >= threshold && lines.size() < MOST_LABELS)) {
                lines.add(String.format(Locale.ROOT, "%s %.2f", action.name(), action.probability()));
            }
        }
        LineMetrics metrics = g.getFont().getLineMetrics("Ag", g.getFontRenderContext());
        int line = (int) Math.ceil(metrics.getHeight());
        int wide =
                lines.stream().mapToInt(g.getFontMetrics()::stringWidth).max().orElse(0) + 6;
        double[] box = person.box();
        Rectangle plate = placement.place(
                box[0] * placement.width(),
                box[1] * placement.height(),
                box[2] * placement.width(),
                box[3] * placement.height(),
                wide,
                line * lines.size() + 2);
        g.setColor(colour.darker());
        g.fill(plate);
        g.setColor(Color.WHITE);
        for (int i = 0; i < lines.size(); i++) {
            g.drawString(lines.get(i), plate.x + 3, plate.y + 1 + i * line + (int) Math.ceil(metrics.getAscent()));
        }
    }

    private static BufferedImage picture(Rgb8Image frame) {
        BufferedImage image = new BufferedImage(frame.width(), frame.height(), BufferedImage.TYPE_INT_RGB);
        byte[] rgb = frame.bytes();
        int[] packed = new int[frame.width() * frame.height()];
        for (int i = 0; i < packed.length; i++) {
            packed[i] = (rgb[3 * i] & 0xff) << 16 | (rgb[3 * i + 1] & 0xff) << 8 | (rgb[3 * i + 2] & 0xff);
        }
        image.setRGB(0, 0, frame.width(), frame.height(), packed, 0, frame.width());
        return image;
    }

    private static Rgb8Image pixels(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        int[] packed = image.getRGB(0, 0, width, height, null, 0, width);
        byte[] rgb = new byte[3 * packed.length];
        for (int i = 0; i < packed.length; i++) {
            rgb[3 * i] = (byte) (packed[i] >> 16);
            rgb[3 * i + 1] = (byte) (packed[i] >> 8);
            rgb[3 * i + 2] = (byte) packed[i];
        }
        return Rgb8Image.wrap(width, height, rgb);
    }
}
