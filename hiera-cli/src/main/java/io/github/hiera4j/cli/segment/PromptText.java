package io.github.hiera4j.cli.segment;

import static io.github.hiera4j.cli.options.WrongCallException.checkCall;

import io.github.hiera4j.api.segment.Prompt;
import io.github.hiera4j.cli.options.WrongCallException;
import io.github.hiera4j.model.io.Printable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parses points and boxes in option values. */
final class PromptText {
    private PromptText() {}

    /** Parses the prompt for one object, which needs a point or a box. */
    static Prompt parse(List<String> points, @Nullable String box, boolean alternatives) {
        Prompt prompt = null;
        if (box != null) {
            double[] sides = numbers("--box", box, 4);
            prompt = Prompt.box(sides[0], sides[1], sides[2], sides[3]);
        }
        for (String point : points) {
            prompt = withPoint(prompt, point);
        }
        if (prompt == null) {
            throw WrongCallException.of("nothing to segment: add --point X,Y or --box X,Y,X,Y");
        }
        return alternatives ? prompt.withAlternatives() : prompt;
    }

    private static Prompt withPoint(@Nullable Prompt prompt, String text) {
        int colon = text.indexOf(':');
        String label = colon < 0 ? "1" : text.substring(colon + 1);
        checkCall(
                label.equals("0") || label.equals("1"),
                "--point must be X,Y, or X,Y:0 for a point outside the object, got '%s'",
                Printable.of(text));
        double[] place = numbers("--point", colon < 0 ? text : text.substring(0, colon), 2);
        if (label.equals("0")) {
            checkCall(
                    prompt != null,
                    "the first --point must be on the object unless there is a --box, got '%s'",
                    Printable.of(text));
            return java.util.Objects.requireNonNull(prompt).andBackground(place[0], place[1]);
        }
        return prompt == null ? Prompt.point(place[0], place[1]) : prompt.andPoint(place[0], place[1]);
    }

    private static double[] numbers(String option, String text, int count) {
        String[] parts = text.split(",", -1);
        checkCall(
                parts.length == count,
                "%s must be %d numbers separated by commas, got '%s'",
                option,
                count,
                Printable.of(text));
        double[] numbers = new double[count];
        for (int i = 0; i < count; i++) {
            try {
                numbers[i] = Double.parseDouble(parts[i].strip());
            } catch (NumberFormatException fault) {
                throw WrongCallException.of(option + ": '" + Printable.of(parts[i]) + "' is not a number");
            }
        }
        return numbers;
    }
}
