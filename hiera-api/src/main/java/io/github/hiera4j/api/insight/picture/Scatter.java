package io.github.hiera4j.api.insight.picture;

import io.github.hiera4j.media.Rgb8Image;
import java.util.Arrays;
import java.util.List;

/** Paints small pictures at positions in a square. */
public final class Scatter {
    private static final int CHANNELS = Rgb8Image.CHANNELS;
    private static final int BORDER = 0x8090a0;

    private Scatter() {}

    /**
     * A small picture.
     *
     * @param x of its middle, from 0 (left) to 1
     * @param y of its middle, from 0 (top) to 1
     * @param picture the picture
     */
    public record Dot(double x, double y, Rgb8Image picture) {}

    /**
     * Paints the pictures on white, each with a border; later ones cover earlier ones, and no picture extends beyond the square.
     *
     * @param dots the pictures
     * @param side of the square, in pixels, larger than any picture
     * @return the square
     */
    public static Rgb8Image paint(List<Dot> dots, int side) {
        byte[] rgb = new byte[side * side * CHANNELS];
        Arrays.fill(rgb, (byte) 255);
        for (Dot dot : dots) {
            Rgb8Image picture = dot.picture();
            int left = 1 + (int) Math.round(dot.x() * (side - picture.width() - 2));
            int top = 1 + (int) Math.round(dot.y() * (side - picture.height() - 2));
            for (int y = -1; y <= picture.height(); y++) {
                for (int x = -1; x <= picture.width(); x++) {
                    boolean border = x < 0 || y < 0 || x == picture.width() || y == picture.height();
                    int colour = border
                            ? BORDER
                            : picture.sample(x, y, 0) << 16 | picture.sample(x, y, 1) << 8 | picture.sample(x, y, 2);
                    Pictures.put(rgb, (top + y) * side + left + x, colour);
                }
            }
        }
        return Rgb8Image.wrap(side, side, rgb);
    }
}
