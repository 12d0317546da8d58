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
 * Draws text into images with OpenCV's built-in strokes, so that images look the same on every machine and need no fonts. The strokes
 * cover ASCII: accents are dropped, and other characters become question marks.
 */
public final class TextDrawing {
    private static final int FONT = opencv_imgproc.FONT_HERSHEY_SIMPLEX;
    private static final double CAPITALS = 21; // pixels of a capital letter at scale 1

    static {
        NativeDefaults.load(opencv_imgproc.class);
    }

    private TextDrawing() {}

    /**
     * One line of text.
     *
     * @param text the text
     * @param x left end, in pixels
     * @param baseline the row of the baseline
     * @param height height of a capital letter, in pixels
     * @param rgb colour, {@code 0xRRGGBB}
     */
    public record Line(String text, int x, int baseline, double height, int rgb) {}

    /**
     * {@return the width of a text in pixels}
     *
     * @param text the text
     * @param height height of a capital letter, in pixels
     */
    public static int width(String text, double height) {
        try (BytePointer letters = new BytePointer(ascii(text));
                IntPointer below = new IntPointer(1);
                Size size = opencv_imgproc.getTextSize(letters, FONT, height / CAPITALS, 1, below)) {
            return size.width();
        }
    }

    /**
     * {@return the longest prefix of a text that fits a width, with three dots if it was cut}
     *
     * @param text the text
     * @param height height of a capital letter, in pixels
     * @param width maximum width in pixels
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
     * {@return a copy of an image with lines of text, clipped to the image}
     *
     * @param picture the image
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
