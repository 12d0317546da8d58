package io.github.hiera4j.cli.serve;

import static io.github.hiera4j.cli.options.WrongCallException.checkCall;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses durations in option values: {@code 5ms}, {@code 30s}, {@code 10m}. */
final class DurationText {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,9})(ms|s|m)");

    private DurationText() {}

    /** Parses the value of an option. */
    static Duration parse(String option, String text) {
        Matcher parts = TEXT.matcher(text);
        checkCall(parts.matches(), "%s must be a number with ms, s or m, such as 5ms, got '%s'", option, text);
        long number = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            default -> Duration.ofMinutes(number);
        };
    }
}
