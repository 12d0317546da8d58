package io.github.hiera4j.media.image;

import io.github.hiera4j.media.MediaMemory;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.natives.NativeDefaults;
import java.text.Normalizer;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Point;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Text on pictures in the strokes that OpenCV has built in, so that pictures look alike on every machine and need no fonts. These
 * strokes cover ASCII: accents are dropped, other characters become question marks.
 */
public final class TextDrawing {
    private static final int FONT = opencv_imgproc.FONT_HERSHEY_SIMPLEX;
    private static final double CAPITALS = 21; // pixels of a capital letter at scale 1

    static {
        NativeDefaults.apply();
    }

    private TextDrawing() {}

    /**
     * One line of text.
     *
     * @param text what it says
     * @param x left end, in pixels
     * @param baseline the row on which letters stand
     * @param height of a capital letter, in pixels
     * @param rgb its colour, {@code 0xRRGGBB}
     */
    public record Line(String text, int x, int baseline, double height, int rgb) {}

    /**
     * {@return the pixels that a text is wide at a height of its capital letters}
     *
     * @param text the text
     * @param height of the letters in pixels
     */
    public static int width(String text, double height) {
        try (BytePointer letters = new BytePointer(ascii(text));
                IntPointer below = new IntPointer(1);
                Size size = opencv_imgproc.getTextSize(letters, FONT, height / CAPITALS, 1, below)) {
            return size.width();
        }
    }

    /**
     * {@return the longest start of a text that fits a width, with three dots where it was cut}
     *
     * @param text the text
     * @param height of the letters in pixels
     * @param width in pixels
     */
    public static String fitted(String text, double height, int width) {
        if (width(text, height) <= width) {
            return text;
        }
        int low = 0;
        int high = text.length();
        while (low < high) {
            int middle = (low + high + 1) / 2;
            if (width(text.substring(0, middle) + "...", height) <= width) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return text.substring(0, low).strip() + "...";
    }

    /**
     * {@return a copy of a picture with lines of text on it; what lies outside is cut off}
     *
     * @param picture drawn upon
     * @param lines the texts with their positions
     */
    public static Rgb8Image draw(Rgb8Image picture, List<Line> lines) {
        byte[] rgb = picture.toByteArray();
        try (MediaMemory.Lease lease = MediaMemory.lease(rgb.length);
                BytePointer pixels = new BytePointer(rgb);
                Mat canvas = new Mat(picture.height(), picture.width(), opencv_core.CV_8UC3, pixels)) {
            for (Line line : lines) {
                try (BytePointer letters = new BytePointer(ascii(line.text()));
                        Point start = new Point(line.x(), line.baseline());
                        Scalar colour =
                                new Scalar(line.rgb() >> 16 & 255, line.rgb() >> 8 & 255, line.rgb() & 255, 0)) {
                    opencv_imgproc.putText(
                            canvas,
                            letters,
                            start,
                            FONT,
                            line.height() / CAPITALS,
                            colour,
                            1,
                            opencv_imgproc.LINE_AA,
                            false);
                }
            }
            pixels.get(rgb);
        }
        return Rgb8Image.wrap(picture.width(), picture.height(), rgb);
    }

    private static String ascii(String text) {
        String plain = Normalizer.normalize(text, Normalizer.Form.NFD).replaceAll("\\p{M}", "");
        return plain.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
