package io.github.hiera4j.serve.upload;

import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.serve.request.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The validated parameters of a request: unknown and invalid parameters are refused. */
public final class Parameters {
    private final Map<String, List<String>> values;

    /**
     * Checks the names.
     *
     * @param values the parameters by name
     * @param known names of the endpoint's parameters
     * @throws Refusal with 400 for an unknown name
     */
    public Parameters(Map<String, List<String>> values, Set<String> known) {
        this.values = values;
        for (String name : values.keySet()) {
            if (!known.contains(name)) {
                throw Refusal.of(400, "unknown parameter '%s': this endpoint has %s", Printable.of(name), known);
            }
        }
    }

    /**
     * {@return a text, if present}
     *
     * @param name name of the parameter, in the query or a form field
     */
    public Optional<String> text(String name) {
        List<String> given = all(name);
        if (given.size() > 1) {
            throw Refusal.of(400, "expected '%s' once, got it %d times", name, given.size());
        }
        return given.stream().findFirst();
    }

    /**
     * {@return all values of a parameter that may be repeated}
     *
     * @param name name of the parameter, in the query or a form field
     */
    public List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /**
     * {@return a whole number within bounds}
     *
     * @param name name of the parameter, in the query or a form field
     * @param fallback the value if the parameter is missing
     * @param least the smallest value
     * @param most the largest value
     */
    public int integer(String name, int fallback, int least, int most) {
        return text(name).map(text -> parse(name, text, least, most)).orElse(fallback);
    }

    /**
     * {@return a whole number within bounds, if present}
     *
     * @param name name of the parameter, in the query or a form field
     * @param least the smallest value
     * @param most the largest value
     */
    public Optional<Integer> integer(String name, int least, int most) {
        return text(name).map(text -> parse(name, text, least, most));
    }

    private static int parse(String name, String text, int least, int most) {
        if (text.matches("[0-9]{1,9}")) {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        }
        throw Refusal.of(400, "%s must be %d to %d, got '%s'", name, least, most, Printable.of(text));
    }

    /**
     * {@return a number within bounds}
     *
     * @param name name of the parameter, in the query or a form field
     * @param fallback the value if the parameter is missing
     * @param least the smallest value
     * @param most the largest value
     */
    public double number(String name, double fallback, double least, double most) {
        return text(name)
                .map(text -> {
                    double number = decimal(text);
                    if (number >= least && number <= most) {
                        return number;
                    }
                    throw Refusal.of(400, "%s must be %s to %s, got '%s'", name, least, most, Printable.of(text));
                })
                .orElse(fallback);
    }

    /**
     * {@return a plain decimal number; NaN for anything else}
     *
     * @param text the text from the client
     */
    public static double decimal(String text) {
        return text.matches("-?[0-9]{1,15}(\\.[0-9]{1,15})?") ? Double.parseDouble(text) : Double.NaN;
    }

    /**
     * Returns a Boolean parameter.
     *
     * @param name name of the parameter, in the query or a form field
     * @return the value; false if the parameter is missing
     */
    public boolean flag(String name) {
        return text(name)
                .map(text -> switch (text) {
                    case "", "true", "1" -> true;
                    case "false", "0" -> false;
                    default -> throw Refusal.of(400, "%s must be true or false, got '%s'", name, Printable.of(text));
                })
                .orElse(false);
    }
}
