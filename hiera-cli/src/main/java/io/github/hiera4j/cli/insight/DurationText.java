package io.github.hiera4j.cli.insight;

import io.github.hiera4j.cli.options.WrongCallException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses durations in option values: {@code 2s}, {@code 0.5s}, {@code 500ms}, {@code 1m}; without a unit, seconds. */
final class DurationText {
    private static final Pattern SPAN = Pattern.compile("(\\d{1,6}(?:\\.\\d{1,6})?)(ms|s|m)?");

    private DurationText() {}

    static double seconds(String option, String text) {
        Matcher matcher = SPAN.matcher(text);
        if (!matcher.matches()) {
            throw WrongCallException.of(option + " must be a time such as 2s, 0.5s or 500ms, got '" + text + "'");
        }
        double number = Double.parseDouble(matcher.group(1));
        String unit = matcher.group(2);
        return "ms".equals(unit) ? number / 1000 : "m".equals(unit) ? number * 60 : number;
    }
}
