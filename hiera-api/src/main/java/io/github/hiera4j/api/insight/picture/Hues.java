package io.github.hiera4j.api.insight.picture;

import java.awt.Color;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Assigns colours to names in the order in which they are requested. Hues lie a golden angle apart, so that the first ones differ
 * clearly. Dark text is readable on all of them.
 */
public final class Hues {
    private static final double GOLDEN_ANGLE = 360 * (1 - 1 / ((1 + Math.sqrt(5)) / 2));
    private static final int ROUND = 8;
    private static final double[] BRIGHTNESS = {0.92, 0.78, 1};

    private final Map<String, Integer> numbers = new HashMap<>();

    /** Creates an assignment without names. */
    public Hues() {}

    /**
     * Returns the colour of a name.
     *
     * @param name a class or group
     * @return red, green and blue, 8 bits each
     */
    public int rgb(String name) {
        int number = numbers.computeIfAbsent(name, unmet -> numbers.size());
        double hue = (210 + number * GOLDEN_ANGLE) / 360;
        double brightness = BRIGHTNESS[number / ROUND % BRIGHTNESS.length];
        return Color.HSBtoRGB((float) (hue - Math.floor(hue)), 0.5f, (float) brightness) & 0xffffff;
    }

    /**
     * Returns the colour of a name for a style sheet.
     *
     * @param name a class or group
     * @return {@code #rrggbb}
     */
    public String css(String name) {
        return String.format(Locale.ROOT, "#%06x", rgb(name));
    }
}
