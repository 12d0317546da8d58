package io.github.hiera4j.model.baseline.parity;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.baseline.VisionTransformerMae;
import io.github.hiera4j.model.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Reads and checks the numbers of a file of figures. */
final class Fields {
    private static final int LARGEST = 1 << 20;
    private static final Pattern TABLE = Pattern.compile("(\\d{1,3})x(\\d{1,3}) (\\d{1,5})");

    private Fields() {}

    static int integer(JsonNode object, String name) {
        JsonNode value = object.path(name);
        boolean fits = value.isIntegralNumber() && value.canConvertToInt();
        int number = fits ? value.intValue() : -1;
        check(number >= 0 && number <= LARGEST, "%s must be a whole number from 0 to %d", name, LARGEST);
        return number;
    }

    static int integer(JsonNode object, String name, int fallback) {
        return object.has(name) ? integer(object, name) : fallback;
    }

    static List<Integer> integers(JsonNode list) {
        check(list.isArray() && list.size() <= LARGEST, "expected a list of whole numbers");
        List<Integer> values = new ArrayList<>();
        for (JsonNode value : list) {
            check(value.isIntegralNumber() && value.canConvertToInt(), "expected a list of whole numbers");
            check(value.intValue() >= 0 && value.intValue() <= LARGEST, "expected numbers from 0 to %d", LARGEST);
            values.add(value.intValue());
        }
        return values;
    }

    /** Returns the position table that a name such as {@code 14x14 768} describes: rows, columns, channels. */
    static HostTensor sineCosine(String name) {
        Matcher matcher = TABLE.matcher(name);
        check(matcher.matches(), "sincos must have names such as '14x14 768'");
        List<Integer> grid = List.of(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
        int dim = Integer.parseInt(matcher.group(3));
        check((long) grid.get(0) * grid.get(1) * dim <= 1 << 26, "the position table '%s' is too large", name);
        return VisionTransformerMae.sineCosine(grid, dim);
    }
}
