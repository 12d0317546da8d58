package io.github.hiera4j.model.parity;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.io.Printable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Validates a file of figures before it is used: types, lengths and ranges of every field that is read, for all
 * kinds of cases. Unknown fields are not read.
 */
public final class GoldenSchema {
    private static final int LARGEST_SIZE = 1_000_000;
    private static final int LONGEST_LIST = 100_000;
    private static final int MOST_STEPS = 1000;

    /** Larger than the input or output of any case; prevents a small file from requesting gigabytes. */
    private static final long MOST_ELEMENTS = 1L << 26;

    private static final Set<String> SUMMARIES =
            Set.of("logits_summary", "latent", "pred", "label", "pos_embed", "pos_embed_spatial", "pos_embed_temporal");
    private static final Set<String> SUMMARY_LISTS = Set.of("intermediates", "fpn");
    private static final Set<String> SUMMARY_MAPS = Set.of("grad", "final");
    private static final Set<String> NUMBERS = Set.of("loss", "loss_unnormalised", "mask_ratio", "base_lr", "eps");

    private static final Map<String, List<String>> REQUIRED = Map.of(
            "encoder", List.of("input_shape", "intermediates|logits"),
            "mae", List.of("input_shape", "mask_ratio", "visible", "loss"),
            "train", List.of("input_shape", "steps", "base_lr", "losses", "final"),
            "hieradet_as_hiera", List.of("input_shape", "stages"),
            "hieradet", List.of("cases"),
            "resized", List.of("cases", "resize"),
            "abswin", List.of("cases"));

    private static final Map<String, List<String>> REQUIRED_OF_CASES = Map.of(
            "hieradet", List.of("run_size", "input_shape", "stages"),
            "resized", List.of("run_size", "input_shape", "logits_summary"),
            "abswin", List.of("run_size", "input_shape", "logits_summary"));

    private GoldenSchema() {}

    /** Throws a {@code HieraException} that names the field unless the whole file is valid. */
    static void requireForm(JsonNode file) {
        require(file.isObject(), "expected a golden case with case, kind and config", "");
        require(isText(file.path("case")) && isText(file.path("kind")), "case and kind must be text", "");
        require(file.path("config").isObject(), "config must be an object", "");
        String kind = file.path("kind").stringValue();
        requireFields(file, REQUIRED.getOrDefault(kind, List.of()), "");
        object(file, "");
        if (file.has("cases")) {
            JsonNode cases = list(file.path("cases"), "cases");
            for (int i = 0; i < cases.size(); i++) {
                String name = "cases[" + i + "]";
                require(cases.path(i).isObject(), "must be an object", name);
                requireFields(cases.path(i), REQUIRED_OF_CASES.getOrDefault(kind, List.of()), name + ".");
                object(cases.path(i), name + ".");
            }
        }
    }

    /**
     * Throws a {@code HieraException} that names the field unless the figures of one case are valid.
     *
     * @param figures the figures of one case
     * @param prefix the prefix of field names
     */
    public static void requireFigures(JsonNode figures, String prefix) {
        require(figures.isObject(), "must be an object", prefix);
        require(isText(figures.path("case")), "must be text", prefix + "case");
        require(figures.path("config").isObject(), "must be an object", prefix + "config");
        requireFields(figures, List.of("input_shape", "logits|loss"), prefix);
        require(!figures.has("visible") || figures.hasNonNull("mask_ratio"), "is missing", prefix + "mask_ratio");
        for (Map.Entry<String, JsonNode> entry : figures.properties()) {
            if (entry.getKey().equals("grad")) {
                gradients(entry.getValue(), prefix + "grad");
            }
        }
        object(figures.isObject() ? without(figures, "grad") : figures, prefix);
    }

    private static JsonNode without(JsonNode object, String name) {
        return ((tools.jackson.databind.node.ObjectNode) object.deepCopy()).without(name);
    }

    /** Validates {@code {l2, index, value}} by parameter. */
    private static void gradients(JsonNode gradients, String name) {
        require(gradients.isObject(), "must be an object", name);
        for (Map.Entry<String, JsonNode> entry : gradients.properties()) {
            String inner = name + "." + Printable.of(entry.getKey());
            number(entry.getValue().path("l2"), inner + ".l2");
            JsonNode index = list(entry.getValue().path("index"), inner + ".index");
            JsonNode value = list(entry.getValue().path("value"), inner + ".value");
            require(index.size() == value.size() && !index.isEmpty(), "must have one value for each index", inner);
            index.forEach(position -> integer(position, inner + ".index"));
            value.forEach(figure -> number(figure, inner + ".value"));
        }
    }

    private static void requireFields(JsonNode object, List<String> names, String prefix) {
        for (String alternatives : names) {
            boolean present = List.of(alternatives.split("\\|")).stream().anyMatch(object::hasNonNull);
            require(present, "is missing", prefix + alternatives.replace("|", " or "));
        }
    }

    private static void object(JsonNode object, String prefix) {
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            String key = entry.getKey();
            String name = prefix + Printable.of(key);
            JsonNode value = entry.getValue();
            if (SUMMARIES.contains(key)) {
                summary(value, name);
            } else if (SUMMARY_LISTS.contains(key) || key.equals("stages")) {
                JsonNode summaries = list(value, name);
                for (int i = 0; i < summaries.size(); i++) {
                    summary(summaries.path(i), name + "[" + i + "]");
                }
            } else if (SUMMARY_MAPS.contains(key)) {
                require(value.isObject(), "must be an object", name);
                value.properties()
                        .forEach(inner -> summary(inner.getValue(), name + "." + Printable.of(inner.getKey())));
            } else if (NUMBERS.contains(key)) {
                number(value, name);
            } else {
                other(key, value, name);
            }
        }
    }

    private static void other(String key, JsonNode value, String name) {
        switch (key) {
            case "input_shape" -> {
                long elements = elements(value, name);
                require(elements >= 1 && elements <= MOST_ELEMENTS, "is empty or too large", name);
                require(value.size() >= 3 && value.size() <= 5, "must have 3 to 5 entries", name);
            }
            case "run_size" -> require(elements(value, name) >= 1, "must have sizes of at least 1", name);
            case "logits" -> rows(value, name);
            case "losses" -> list(value, name).forEach(entry -> number(entry, name));
            case "betas" ->
                list(value, name).forEach(entry -> {
                    number(entry, name);
                    require(entry.doubleValue() >= 0 && entry.doubleValue() < 1, "must lie in [0, 1)", name);
                });
            case "steps" -> require(integer(value, name) <= MOST_STEPS, "is more than " + MOST_STEPS, name);
            case "visible" -> list(value, name).forEach(row -> list(row, name).forEach(unit -> integer(unit, name)));
            case "resize" -> require(value.isObject(), "must be an object", name);
            default -> anySummaries(value, name);
        }
    }

    /** Validates nested summaries, for example of a prompt's masks. */
    private static void anySummaries(JsonNode value, String name) {
        if (value.isObject() && value.has("shape") && value.has("index")) {
            if (!isEmptyTensor(value.path("shape"))) {
                summary(value, name);
            }
        } else if (value.isObject()) {
            value.properties()
                    .forEach(entry -> anySummaries(entry.getValue(), name + "." + Printable.of(entry.getKey())));
        } else if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                anySummaries(value.path(i), name + "[" + i + "]");
            }
        }
    }

    /** Returns whether a tensor is empty, such as the tokens of a prompt without points, which have no summary. */
    private static boolean isEmptyTensor(JsonNode shape) {
        for (JsonNode size : shape) {
            if (size.isIntegralNumber() && size.canConvertToInt() && size.asInt() == 0) {
                return true;
            }
        }
        return false;
    }

    /** Validates {@code {shape, mean, std, l2, index, value}}. */
    private static void summary(JsonNode summary, String name) {
        require(summary.isObject(), "must be a summary with shape, mean, std, l2, index and value", name);
        long elements = elements(summary.path("shape"), name + ".shape");
        for (String statistic : List.of("mean", "std", "l2")) {
            number(summary.path(statistic), name + "." + statistic);
        }
        JsonNode index = list(summary.path("index"), name + ".index");
        JsonNode value = list(summary.path("value"), name + ".value");
        require(
                index.size() == value.size() && (elements == 0 || !index.isEmpty()),
                "must have one value for each index, and at least one",
                name);
        for (int i = 0; i < index.size(); i++) {
            require(integer(index.path(i), name + ".index") < elements, "reaches beyond the shape", name + ".index");
            number(value.path(i), name + ".value");
        }
    }

    private static void rows(JsonNode rows, String name) {
        list(rows, name);
        int columns = rows.path(0).size();
        require(!rows.isEmpty() && columns > 0, "must be rows of numbers", name);
        for (JsonNode row : rows) {
            require(list(row, name).size() == columns, "must have rows of equal length", name);
            row.forEach(value -> number(value, name));
        }
    }

    /** Returns the product of a list of sizes. */
    private static long elements(JsonNode shape, String name) {
        long elements = 1;
        require(list(shape, name).size() <= 8, "must have at most 8 entries", name);
        for (JsonNode size : shape) {
            int value = integer(size, name);
            require(value == 0 || elements <= Integer.MAX_VALUE / value, "must not overflow", name);
            elements *= value;
        }
        return elements;
    }

    private static JsonNode list(JsonNode value, String name) {
        require(value.isArray() && value.size() <= LONGEST_LIST, "must be a list of at most " + LONGEST_LIST, name);
        return value;
    }

    /** Throws unless the value is a list of whole numbers from 0 to a million. */
    static void integers(JsonNode value, String name) {
        list(value, name).forEach(entry -> require(integer(entry, name) <= LARGEST_SIZE, "is too large", name));
    }

    static int integer(JsonNode value, String name) {
        boolean fits = value.isIntegralNumber() && value.canConvertToInt();
        int number = fits ? value.intValue() : -1;
        require(number >= 0 && number <= LARGEST_SIZE * 100, "must be whole numbers from 0", name);
        return number;
    }

    static void number(JsonNode value, String name) {
        require(value.isNumber() && Double.isFinite(value.doubleValue()), "must be a finite number", name);
    }

    private static boolean isText(JsonNode value) {
        return value.isString() && !value.stringValue().isBlank();
    }

    private static void require(boolean condition, String message, String name) {
        check(condition, "%s%s%s", name, name.isEmpty() ? "" : " ", message);
    }
}
