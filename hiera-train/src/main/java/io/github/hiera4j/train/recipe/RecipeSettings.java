package io.github.hiera4j.train.recipe;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.io.Spelling;
import io.github.hiera4j.model.io.TextLines;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** A recipe's settings as text: for display, for recipe files, and for changing single settings. */
public final class RecipeSettings {
    private static final int LONGEST_LINE = 1000;
    private static final TextLines.Limits LIMITS = new TextLines.Limits(1 << 20, 4096);

    /** Values of settings that are missing in runs of earlier versions. */
    private static final Map<String, String> LATER = Map.ofEntries(
            Map.entry("input_size", Models.PUBLISHED),
            Map.entry("position_rate", "0.0"),
            Map.entry("patience", "0"),
            Map.entry("gradient_exchange", "float32"),
            Map.entry("shuffle_buffer", "0"),
            Map.entry("shard_optimizer", "false"),
            Map.entry("jitter_least", "0.1"),
            Map.entry("jitter_most", "2.0"),
            Map.entry("rung", "f"),
            Map.entry("decoder_depth", "0"),
            Map.entry("multi_scale_fusion", "true"),
            Map.entry("mae_target", "normalised_pixels"));

    private RecipeSettings() {}

    /** Completes the settings of an older run. */
    private static Map<String, String> completed(Map<String, String> saved) {
        Map<String, String> complete = new LinkedHashMap<>(saved);
        LATER.forEach(complete::putIfAbsent);
        return complete;
    }

    /**
     * {@return all settings by key, in the order of the recipe's groups}
     *
     * @param recipe all settings of the training
     */
    public static Map<String, String> of(Recipe recipe) {
        Map<String, String> settings = new LinkedHashMap<>();
        addAll(recipe, settings);
        return settings;
    }

    private static void addAll(Record group, Map<String, String> settings) {
        for (RecordComponent component : group.getClass().getRecordComponents()) {
            Object value = value(group, component);
            if (value instanceof Record nested) {
                addAll(nested, settings);
            } else {
                settings.put(
                        key(component),
                        value instanceof Enum<?> constant
                                ? constant.name().toLowerCase(Locale.ROOT)
                                : String.valueOf(value));
            }
        }
    }

    /**
     * {@return a recipe from all its settings, as returned by {@link #of}}
     *
     * @param given values by key
     */
    public static Recipe parse(Map<String, String> given) {
        return parse(Recipe.class, completed(given));
    }

    private static <G extends Record> G parse(Class<G> group, Map<String, String> settings) {
        RecordComponent[] components = group.getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            values[i] = components[i].getType().isRecord()
                    ? parse(components[i].getType().asSubclass(Record.class), settings)
                    : convert(components[i], text(components[i], settings));
        }
        return create(group, values);
    }

    private static String text(RecordComponent component, Map<String, String> settings) {
        String text = settings.get(key(component));
        check(text != null, "the recipe has no setting '%s'", key(component));
        return Objects.requireNonNull(text);
    }

    static Recipe with(Recipe recipe, String key, String text) {
        String wanted = key.strip().replace('-', '_').toLowerCase(Locale.ROOT);
        Map<String, String> settings = of(recipe);
        if (!settings.containsKey(wanted)) {
            throw new HieraException("unknown setting '" + Printable.of(key) + "'"
                    + Spelling.suggestion(wanted, settings.keySet()) + "; 'hiera recipe settings' lists all");
        }
        settings.put(wanted, text.strip());
        return parse(settings);
    }

    /**
     * Adds missing settings with neutral values; recipes of earlier versions do not have newer settings.
     *
     * @param settings values by key
     */
    public static void addMissing(Map<String, String> settings) {
        of(Recipes.BASE).forEach(settings::putIfAbsent);
    }

    /**
     * Applies {@code key=value} or {@code key: value}; the value may be quoted.
     *
     * @param recipe all settings of the training
     * @param assignment {@code key=value} or {@code key: value}
     * @return the key and its value
     * @throws HieraException if the assignment is malformed, the setting does not exist, or the value is refused
     */
    public static Recipe assign(Recipe recipe, String assignment) {
        String text = assignment.strip();
        int separator = 0;
        while (separator < text.length() && isKey(text.charAt(separator))) {
            separator++;
        }
        String key = text.substring(0, separator);
        String rest = text.substring(separator).stripLeading();
        check(
                !key.isEmpty() && !rest.isEmpty() && (rest.charAt(0) == '=' || rest.charAt(0) == ':'),
                "expected key=value, got '%s'",
                Printable.of(assignment));
        check(
                text.length() <= LONGEST_LINE,
                "the setting '%s' has %d characters, at most %d are read",
                Printable.of(key),
                text.length(),
                LONGEST_LINE);
        return with(recipe, key, unquoted(rest.substring(1).strip()));
    }

    private static boolean isKey(char character) {
        return Character.isLetterOrDigit(character) || character == '_' || character == '-';
    }

    /**
     * Applies a file of {@code key: value} (YAML) or {@code key = value} (properties) lines; {@code #} begins a comment.
     *
     * @param recipe all settings of the training
     * @param file the file
     * @return the values by key
     * @throws HieraException if a line is invalid; the message names the first one
     */
    public static Recipe assignAll(Recipe recipe, Path file) {
        Recipe changed = recipe;
        int number = 0;
        for (String line : TextLines.read(file, LIMITS)) {
            number++;
            String content = withoutComment(line).strip();
            if (content.isEmpty() || content.equals("---")) {
                continue;
            }
            try {
                changed = assign(changed, content);
            } catch (HieraException fault) {
                throw new HieraException(file + " line " + number + ": " + fault.getMessage(), fault);
            }
        }
        return changed;
    }

    /** Returns the line up to a {@code #} at its start or after a space. */
    private static String withoutComment(String line) {
        for (int i = 0; i < line.length(); i++) {
            if (line.charAt(i) == '#' && (i == 0 || Character.isWhitespace(line.charAt(i - 1)))) {
                return line.substring(0, i);
            }
        }
        return line;
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2
                && ((value.startsWith("\"") && value.endsWith("\"")) || (value.startsWith("'") && value.endsWith("'")));
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    private static String key(RecordComponent component) {
        Key key = component.getAnnotation(Key.class);
        if (key != null) {
            return key.value();
        }
        return component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    private static Object value(Record group, RecordComponent component) {
        try {
            return component.getAccessor().invoke(group);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Object convert(RecordComponent component, String text) {
        Class<?> type = component.getType();
        try {
            if (type == int.class) {
                return Integer.parseInt(text);
            }
            if (type == long.class) {
                return Long.parseLong(text);
            }
            if (type == double.class) {
                double value = Double.parseDouble(text);
                check(
                        Double.isFinite(value),
                        "%s must be a finite number, got '%s'",
                        key(component),
                        Printable.of(text));
                return value;
            }
        } catch (NumberFormatException fault) {
            throw new HieraException(key(component) + " must be a number, got '" + Printable.of(text) + "'", fault);
        }
        if (type == boolean.class) {
            check(
                    text.equals("true") || text.equals("false"),
                    "%s must be true or false, got '%s'",
                    key(component),
                    Printable.of(text));
            return Boolean.valueOf(text);
        }
        return type.isEnum() ? constant(component, text) : text;
    }

    private static Object constant(RecordComponent component, String text) {
        Object[] constants = Objects.requireNonNull(component.getType().getEnumConstants());
        return Arrays.stream(constants)
                .filter(constant -> ((Enum<?>) constant).name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new HieraException(key(component) + " must be one of "
                        + Arrays.toString(constants).toLowerCase(Locale.ROOT) + ", got '" + Printable.of(text) + "'"));
    }

    private static <G extends Record> G create(Class<G> group, Object[] values) {
        Class<?>[] types = Arrays.stream(group.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            return group.getDeclaredConstructor(types).newInstance(values);
        } catch (InvocationTargetException refused) {
            if (refused.getCause() instanceof HieraException fault) {
                throw fault;
            }
            throw new IllegalStateException(refused);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
