package io.github.hiera4j.train.recipe;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A recipe's settings as text: shown, read from files, changed one by one. */
public final class RecipeSettings {
    private static final Pattern ASSIGNMENT = Pattern.compile("([\\w-]+)\\s*[:=]\\s*(.*?)");

    /** What runs from before a setting existed were trained with. */
    private static final Map<String, String> LATER = Map.of("input_size", Models.PUBLISHED, "position_rate", "0.0");

    private RecipeSettings() {}

    /** Settings as an older run wrote them, completed. */
    public static Map<String, String> completed(Map<String, String> saved) {
        Map<String, String> complete = new LinkedHashMap<>(saved);
        LATER.forEach(complete::putIfAbsent);
        return complete;
    }

    /** All settings in order, by name. */
    public static Map<String, String> of(Recipe recipe) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (RecordComponent component : Recipe.class.getRecordComponents()) {
            Object value = value(recipe, component);
            String text = value instanceof Enum<?> constant
                    ? constant.name().toLowerCase(Locale.ROOT)
                    : String.valueOf(value);
            settings.put(key(component), text);
        }
        return settings;
    }

    /** A recipe from all its settings, as {@link #of} gives them. */
    public static Recipe parse(Map<String, String> given) {
        Map<String, String> settings = completed(given);
        RecordComponent[] components = Recipe.class.getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String text = settings.get(key(components[i]));
            check(text != null, "the recipe lacks the setting '%s'", key(components[i]));
            values[i] = convert(components[i], java.util.Objects.requireNonNull(text));
        }
        return create(components, values);
    }

    static Recipe with(Recipe recipe, String key, String text) {
        String wanted = key.strip().replace('-', '_').toLowerCase(Locale.ROOT);
        Map<String, String> settings = of(recipe);
        if (!settings.containsKey(wanted)) {
            throw new HieraException(
                    "unknown setting '" + key + "': did you mean '" + Nearest.to(wanted, settings.keySet()) + "'?");
        }
        settings.put(wanted, text.strip());
        return parse(settings);
    }

    /** Applies {@code key=value}. */
    public static Recipe assign(Recipe recipe, String assignment) {
        Matcher parts = ASSIGNMENT.matcher(assignment.strip());
        check(parts.matches(), "expected key=value, got '%s'", assignment);
        return with(recipe, parts.group(1), unquoted(parts.group(2)));
    }

    /** Applies a file of {@code key: value} (YAML) or {@code key = value} (properties) lines; {@code #} begins a comment. */
    public static Recipe assignAll(Recipe recipe, Path file) {
        Recipe changed = recipe;
        int number = 0;
        for (String line : lines(file)) {
            number++;
            String content = line.replaceFirst("(^|\\s)#.*", "").strip();
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

    private static List<String> lines(Path file) {
        try {
            check(Files.size(file) < 1 << 20, "%s: is too large for a recipe", file);
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new HieraException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2
                && ((value.startsWith("\"") && value.endsWith("\"")) || (value.startsWith("'") && value.endsWith("'")));
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    private static String key(RecordComponent component) {
        return component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    private static Object value(Recipe recipe, RecordComponent component) {
        try {
            return component.getAccessor().invoke(recipe);
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
                check(Double.isFinite(value), "%s must be a finite number, got '%s'", key(component), text);
                return value;
            }
        } catch (NumberFormatException fault) {
            throw new HieraException(key(component) + " must be a number, got '" + text + "'", fault);
        }
        if (type == boolean.class) {
            check(
                    text.equals("true") || text.equals("false"),
                    "%s must be true or false, got '%s'",
                    key(component),
                    text);
            return Boolean.valueOf(text);
        }
        return type.isEnum() ? constant(component, text) : text;
    }

    private static Object constant(RecordComponent component, String text) {
        Object[] constants =
                java.util.Objects.requireNonNull(component.getType().getEnumConstants());
        return Arrays.stream(constants)
                .filter(constant -> ((Enum<?>) constant).name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new HieraException(key(component) + " must be one of "
                        + Arrays.toString(constants).toLowerCase(Locale.ROOT) + ", got '" + text + "'"));
    }

    private static Recipe create(RecordComponent[] components, Object[] values) {
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            return Recipe.class.getDeclaredConstructor(types).newInstance(values);
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
