package io.github.hiera4j.serve.answer;

import io.github.hiera4j.api.segment.Prompt;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.serve.request.Refusal;
import io.github.hiera4j.serve.upload.Parameters;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The prompt of a segmentation request: {@code point=X,Y} or {@code X,Y:0}, repeated; {@code box=LEFT,TOP,RIGHT,BOTTOM}. */
final class PromptParameters {
    private static final int MOST_POINTS = 100;

    private PromptParameters() {}

    static Prompt parse(Parameters parameters) {
        List<String> points = parameters.all("point");
        if (points.size() > MOST_POINTS) {
            throw Refusal.of(400, "a prompt may have %d points, got %d", MOST_POINTS, points.size());
        }
        Prompt prompt = null;
        if (parameters.text("box").isPresent()) {
            double[] box = numbers("box", parameters.text("box").get(), 4);
            if (!(box[0] < box[2] && box[1] < box[3])) {
                throw Refusal.of(400, "a box is LEFT,TOP,RIGHT,BOTTOM with left < right and top < bottom");
            }
            prompt = Prompt.box(box[0], box[1], box[2], box[3]);
        }
        for (String text : points) {
            prompt = withPoint(prompt, text);
        }
        if (prompt == null) {
            throw Refusal.of(400, "say what to segment: point=X,Y or box=LEFT,TOP,RIGHT,BOTTOM");
        }
        return parameters.flag("alternatives") ? prompt.withAlternatives() : prompt;
    }

    private static Prompt withPoint(@Nullable Prompt prompt, String text) {
        boolean background = text.endsWith(":0");
        String place = background || text.endsWith(":1") ? text.substring(0, text.length() - 2) : text;
        double[] at = numbers("point", place, 2);
        if (prompt == null) {
            if (background) {
                throw Refusal.of(400, "the first point must lie on the object; background points come after it");
            }
            return Prompt.point(at[0], at[1]);
        }
        return background ? prompt.andBackground(at[0], at[1]) : prompt.andPoint(at[0], at[1]);
    }

    private static double[] numbers(String name, String text, int count) {
        String[] parts = text.split(",", -1);
        double[] numbers = new double[count];
        boolean sound = parts.length == count;
        for (int i = 0; sound && i < count; i++) {
            numbers[i] = Parameters.decimal(parts[i].strip());
            sound = Double.isFinite(numbers[i]);
        }
        if (!sound) {
            throw Refusal.of(
                    400, "%s must be %d numbers separated by commas, got '%s'", name, count, Printable.of(text));
        }
        return numbers;
    }
}
