package io.github.hiera4j.api.segment;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.media.Rgb8Image;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Renders masks as pictures. */
public final class MaskPictures {
    private static final int CHANNELS = Rgb8Image.CHANNELS;

    /** Opacity of a mask's colour in a pixel that it covers. */
    private static final double STRENGTH = 0.5;

    /** The golden ratio's fractional part: colours of neighbouring numbers are far apart on the colour circle. */
    private static final double HUE_STEP = 0.618033988749895;

    private MaskPictures() {}

    /**
     * Renders a mask in white on black.
     *
     * @param mask the mask
     * @return the picture
     */
    public static Rgb8Image blackAndWhite(Mask mask) {
        byte[] pixels = mask.pixels();
        byte[] rgb = new byte[Math.multiplyExact(pixels.length, CHANNELS)];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (pixels[i / CHANNELS] * 255);
        }
        return Rgb8Image.wrap(mask.width(), mask.height(), rgb);
    }

    /**
     * Renders the image with every mask in its own colour, with an outline; small masks are drawn over large ones.
     *
     * @param image the image
     * @param masks the masks
     * @return the picture
     */
    public static Rgb8Image overlay(Rgb8Image image, List<Mask> masks) {
        byte[] rgb = image.toByteArray();
        List<Mask> largestFirst = new ArrayList<>(masks);
        largestFirst.sort(Comparator.comparingLong((Mask mask) -> -mask.area()));
        int number = 0;
        for (Mask mask : largestFirst) {
            check(
                    mask.width() == image.width() && mask.height() == image.height(),
                    "a mask of %d x %d does not fit an image of %d x %d",
                    mask.width(),
                    mask.height(),
                    image.width(),
                    image.height());
            paint(rgb, mask, colour(number++));
        }
        return Rgb8Image.wrap(image.width(), image.height(), rgb);
    }

    private static void paint(byte[] rgb, Mask mask, int[] colour) {
        byte[] pixels = mask.pixels();
        int width = mask.width();
        for (int i = 0; i < pixels.length; i++) {
            if (pixels[i] != 0) {
                double share = isEdge(pixels, i, width) ? 1 : STRENGTH;
                for (int channel = 0; channel < CHANNELS; channel++) {
                    int at = i * CHANNELS + channel;
                    rgb[at] = (byte) Math.round((1 - share) * (rgb[at] & 0xff) + share * colour[channel]);
                }
            }
        }
    }

    private static boolean isEdge(byte[] pixels, int at, int width) {
        int x = at % width;
        boolean left = x == 0 || pixels[at - 1] == 0;
        boolean right = x == width - 1 || pixels[at + 1] == 0;
        boolean above = at < width || pixels[at - width] == 0;
        boolean below = at + width >= pixels.length || pixels[at + width] == 0;
        return left || right || above || below;
    }

    /** Returns a bright colour with the hue {@code number · 0.618… mod 1}. */
    private static int[] colour(int number) {
        double hue = 6 * (number * HUE_STEP % 1);
        int[] colour = new int[CHANNELS];
        for (int channel = 0; channel < CHANNELS; channel++) {
            double distance = Math.abs((hue - 2 * channel + 9) % 6 - 3); // from the channel's own hue, 0 to 3
            colour[channel] = (int) Math.round(255 * Math.max(0, Math.min(1, 2 - distance)));
        }
        return colour;
    }
}
