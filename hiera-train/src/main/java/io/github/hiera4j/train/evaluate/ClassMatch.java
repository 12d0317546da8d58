package io.github.hiera4j.train.evaluate;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.train.data.ClipChoice;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.data.SampleSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Maps each class of a data set to a class of a model: by name if both have names, otherwise by number. The data may cover only some
 * of the model's classes.
 *
 * @param indices the model's class for each class of the data
 * @param names of the model's classes
 * @param note describes how they were compared
 */
public record ClassMatch(List<Integer> indices, List<String> names, String note) {
    private static final int NAMED = 5;
    private static final int AMBIGUOUS = -1;

    /**
     * The known properties of a model's classes.
     *
     * @param count number of classes
     * @param names of the classes by index; empty if the model has none
     * @param aliases further names of each class, such as ImageNet's synset numbers; empty if there are none
     * @param certain false if the names are not the model's own, but the usual ones of models with this number of classes
     */
    public record ModelClasses(
            int count, List<String> names, List<? extends Collection<String>> aliases, boolean certain) {
        /**
         * Checks the values and copies the collections.
         *
         * @param count number of classes
         * @param names of the classes by index; empty if the model has none
         * @param aliases further names of each class, such as ImageNet's synset numbers; empty if there are none
         * @param certain false if the names are not the model's own, but the usual ones of models with this number of classes
         * @throws io.github.hiera4j.model.HieraException if a value is out of range
         */
        public ModelClasses {
            names = List.copyOf(names);
            aliases = List.copyOf(aliases);
            check(names.isEmpty() || names.size() == count, "expected %d class names, got %d", count, names.size());
            check(aliases.isEmpty() || aliases.size() == count, "expected aliases of %d classes", count);
        }
    }

    /**
     * Matches the classes of a model and of a data set.
     *
     * @param model the classes of the model
     * @param data names of the data's classes by index
     * @param byNumber whether to compare numbers, regardless of the names
     * @return the model's class for each label
     * @throws HieraException if a class of the data is unknown to the model, or ambiguous
     */
    public static ClassMatch of(ModelClasses model, List<String> data, boolean byNumber) {
        if (byNumber || (model.names().isEmpty() && data.size() == model.count())) {
            check(
                    data.size() <= model.count(),
                    "the data has %d classes, the model names %d: hiera finetune --from replaces the head",
                    data.size(),
                    model.count());
            return inOrder(model, data, byNumber ? "" : ", because the model has no class names");
        }
        Map<String, Integer> known = known(model);
        List<Integer> indices = data.stream().map(name -> find(known, name)).toList();
        long found = indices.stream().filter(index -> index >= 0).count();
        if (found == 0 && data.stream().allMatch(name -> isNumber(name, model.count()))) {
            List<Integer> numbers = data.stream().map(Integer::parseInt).toList();
            return complete(model, data, numbers, "by number: the data's classes have no names");
        }
        if (found == 0 && !model.certain() && data.size() == model.count()) {
            return inOrder(model, data, ", because the model has no class names and the data's are not the usual ones");
        }
        if (found < data.size()) {
            throw unknown(model, data, indices);
        }
        return complete(model, data, indices, "by name");
    }

    private static ClassMatch inOrder(ModelClasses model, List<String> data, String why) {
        List<Integer> order = IntStream.range(0, data.size()).boxed().toList();
        return complete(model, data, order, "in order" + why);
    }

    private static ClassMatch complete(ModelClasses model, List<String> data, List<Integer> indices, String note) {
        String[] names = new String[model.count()];
        for (int index = 0; index < names.length; index++) {
            names[index] =
                    model.names().isEmpty() ? "class " + index : model.names().get(index);
        }
        Map<Integer, String> taken = new HashMap<>();
        for (int i = 0; i < data.size(); i++) {
            String other = taken.put(indices.get(i), data.get(i));
            check(
                    other == null,
                    "the data's classes '%s' and '%s' are the same class of the model, '%s': merge their directories",
                    Printable.of(other),
                    Printable.of(data.get(i)),
                    Printable.of(names[indices.get(i)]));
            if (model.names().isEmpty()) {
                names[indices.get(i)] = data.get(i);
            }
        }
        String part = data.size() < model.count()
                ? String.format(Locale.ROOT, "; the data has %d of the model's %d classes", data.size(), model.count())
                : "";
        return new ClassMatch(indices, Arrays.asList(names), "classes are compared " + note + part);
    }

    /** Collects all names of all classes: exact names take precedence over other case, then aliases, then single synonyms. */
    private static Map<String, Integer> known(ModelClasses model) {
        Map<String, Integer> exact = new HashMap<>();
        Map<String, Integer> alike = new HashMap<>();
        Map<String, Integer> synonyms = new HashMap<>();
        for (int index = 0; index < model.count(); index++) {
            if (!model.names().isEmpty()) {
                String name = model.names().get(index);
                add(exact, name, index);
                add(alike, alike(name), index);
                for (String synonym : name.split(",", -1)) {
                    add(synonyms, alike(synonym), index);
                }
            }
            if (!model.aliases().isEmpty()) {
                for (String alias : model.aliases().get(index)) {
                    add(alike, alike(alias), index);
                    for (String synonym : alias.split(",", -1)) {
                        add(synonyms, alike(synonym), index);
                    }
                }
            }
        }
        Map<String, Integer> known = new HashMap<>(synonyms);
        known.putAll(alike);
        known.putAll(exact);
        return known;
    }

    private static void add(Map<String, Integer> names, String name, int index) {
        names.merge(name, index, (one, other) -> one.equals(other) ? one : Integer.valueOf(AMBIGUOUS));
    }

    private static int find(Map<String, Integer> known, String name) {
        Integer exact = known.get(name);
        return exact != null ? exact : known.getOrDefault(alike(name), AMBIGUOUS);
    }

    /** Normalises a name: names that differ only in case, underscores, hyphens and white space are equal. */
    private static String alike(String name) {
        StringBuilder text = new StringBuilder();
        for (char c : name.toLowerCase(Locale.ROOT).toCharArray()) {
            boolean space = Character.isWhitespace(c) || c == '_' || c == '-';
            if (!space) {
                text.append(c);
            } else if (!text.isEmpty() && text.charAt(text.length() - 1) != ' ') {
                text.append(' ');
            }
        }
        return text.toString().strip();
    }

    private static boolean isNumber(String name, int count) {
        boolean digits = !name.isEmpty() && name.length() <= 7 && name.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits && Integer.parseInt(name) < count;
    }

    private static HieraException unknown(ModelClasses model, List<String> data, List<Integer> indices) {
        List<String> missing = new ArrayList<>();
        for (int i = 0; i < data.size(); i++) {
            if (indices.get(i) < 0) {
                missing.add(data.get(i));
            }
        }
        String some = String.join("', '", missing.subList(0, Math.min(NAMED, missing.size())));
        String more = missing.size() > NAMED ? " and " + (missing.size() - NAMED) + " more" : "";
        String names = model.names().isEmpty()
                ? "the model has no class names"
                : "the model names " + model.count() + " classes, such as '"
                        + Printable.of(model.names().get(0)) + "'";
        return new HieraException("the data has " + data.size() + " classes, but '" + Printable.of(some) + "'" + more
                + " is not a class of the model (" + names
                + "): rename the class, name the model's classes with --labels, or compare numbers with --by-number;"
                + " hiera finetune --from replaces the head");
    }

    /** {@return whether the data has only some of the model's classes} */
    public boolean isSubset() {
        return indices.size() < names.size();
    }

    /**
     * {@return the data with the model's classes instead of its own}
     *
     * @param dataset training and held-out samples
     */
    public Dataset apply(Dataset dataset) {
        return new Dataset(
                dataset.name(),
                names,
                renumbered(dataset.train()),
                renumbered(dataset.validation()),
                dataset.heldOut());
    }

    private SampleSource renumbered(SampleSource source) {
        return new SampleSource() {
            @Override
            public int size() {
                return source.size();
            }

            @Override
            public int label(int index) {
                return indices.get(source.label(index));
            }

            @Override
            public String name(int index) {
                return source.name(index);
            }

            @Override
            public List<Rgb8Image> read(int index, ClipChoice clip) {
                return source.read(index, clip);
            }
        };
    }
}
