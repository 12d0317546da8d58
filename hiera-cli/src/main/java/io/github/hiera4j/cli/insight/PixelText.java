package io.github.hiera4j.cli.insight;

import io.github.hiera4j.api.insight.attention.ViewAttention;
import io.github.hiera4j.cli.options.WrongCallException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses pixel coordinates in option values. */
final class PixelText {
    private static final Pattern PIXEL = Pattern.compile("(\\d{1,5}),(\\d{1,5})(?:,(\\d{1,4}))?");

    private PixelText() {}

    static ViewAttention.Pixel parse(String text) {
        Matcher matcher = PIXEL.matcher(text);
        if (!matcher.matches()) {
            throw WrongCallException.of("expected a pixel as X,Y or X,Y,FRAME, counted from 0, got '" + text + "'");
        }
        String frame = matcher.group(3);
        return new ViewAttention.Pixel(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                frame == null ? null : Integer.valueOf(frame));
    }
}
