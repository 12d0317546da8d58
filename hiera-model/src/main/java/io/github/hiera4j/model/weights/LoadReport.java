package io.github.hiera4j.model.weights;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The comparison of a checkpoint's tensors with a model.
 *
 * @param source the checkpoint, for messages
 * @param missing official names that the model needs and the checkpoint does not have
 * @param unexpected names in the checkpoint that the model does not have
 * @param wrongShape tensors whose shape differs from the model's
 * @param nonFinite tensors with a NaN or an infinity; known only after {@link #compareAndRead}
 */
public record LoadReport(
        String source,
        List<String> missing,
        List<String> unexpected,
        List<WrongShape> wrongShape,
        List<String> nonFinite) {
    private static final int MOST_NAMED = 8;

    /** A tensor whose shape does not fit. */
    public record WrongShape(String name, Shape expected, Shape actual) {
        @Override
        public String toString() {
            return name + " (expected " + expected + ", got " + actual + ")";
        }
    }

    /**
     * Copies the collections.
     *
     * @param source the checkpoint, for messages
     * @param missing official names that the model needs and the checkpoint does not have
     * @param unexpected names in the checkpoint that the model does not have
     * @param wrongShape tensors whose shape differs from the model's
     * @param nonFinite tensors with a NaN or an infinity; known only after {@link #compareAndRead}
     */
    public LoadReport {
        missing = List.copyOf(missing);
        unexpected = List.copyOf(unexpected);
        wrongShape = List.copyOf(wrongShape);
        nonFinite = List.copyOf(nonFinite);
    }

    /**
     * Compares without reading tensors.
     *
     * @param expected the model's parameters by official name
     * @param weights the checkpoint under official names
     * @return the missing and unexpected tensors, and those of another shape
     */
    public static LoadReport compare(Map<String, Shape> expected, WeightSource weights) {
        List<String> missing = new ArrayList<>();
        List<WrongShape> wrongShape = new ArrayList<>();
        expected.forEach((name, shape) -> {
            if (!weights.contains(name)) {
                missing.add(name);
            } else if (!weights.info(name).shape().equals(shape)) {
                wrongShape.add(new WrongShape(name, shape, weights.info(name).shape()));
            }
        });
        List<String> unexpected = weights.names().stream()
                .filter(name -> !expected.containsKey(name))
                .toList();
        return new LoadReport(weights.description(), missing, unexpected, wrongShape, List.of());
    }

    /**
     * Compares like {@link #compare} and also reads every tensor that fits, one at a time, to check for NaN and infinity.
     *
     * @param expected shapes of the graph's parameters by name
     * @param weights its parameters by official name; may be closed afterwards
     * @return the missing and unexpected tensors, and those of another shape or with non-finite values
     */
    public static LoadReport compareAndRead(Map<String, Shape> expected, WeightSource weights) {
        LoadReport report = compare(expected, weights);
        List<String> nonFinite = expected.entrySet().stream()
                .filter(entry -> weights.contains(entry.getKey())
                        && weights.info(entry.getKey()).shape().equals(entry.getValue()))
                .map(Map.Entry::getKey)
                .filter(name -> FiniteWeights.firstNonFinite(weights.read(name)) >= 0)
                .toList();
        return new LoadReport(report.source, report.missing, report.unexpected, report.wrongShape, nonFinite);
    }

    /** {@return whether every tensor fits and none is unexpected} */
    public boolean isExact() {
        return missing.isEmpty() && unexpected.isEmpty() && wrongShape.isEmpty() && nonFinite.isEmpty();
    }

    /** Throws a {@code HieraException} that names the tensors that do not fit, if any. */
    public void requireExact() {
        check(isExact(), "%s: the tensors do not fit the model: %s", source, this);
    }

    /** Returns a readable form, such as {@code missing norm.weight; unexpected surprise}, or {@code all tensors fit}. */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        addPart(parts, "missing", missing);
        addPart(parts, "unexpected", unexpected);
        addPart(parts, "wrong shape", wrongShape);
        addPart(parts, "not finite", nonFinite);
        return parts.isEmpty() ? "all tensors fit" : String.join("; ", parts);
    }

    private static void addPart(List<String> parts, String what, List<?> names) {
        if (!names.isEmpty()) {
            String more = names.size() > MOST_NAMED ? " and " + (names.size() - MOST_NAMED) + " more" : "";
            parts.add(what + " "
                    + names.stream().limit(MOST_NAMED).map(Printable::of).collect(Collectors.joining(", ")) + more);
        }
    }
}
