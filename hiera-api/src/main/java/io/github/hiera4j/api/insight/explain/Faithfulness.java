package io.github.hiera4j.api.insight.explain;

import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.tensor.HostTensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Measures whether the parts that an attribution marks matter to the model (Petsiuk, Das and Saenko, "RISE", 2018): the class's
 * probability while parts are covered, the most important first ({@code deletion}, which should fall fast), and while they are shown,
 * the most important first ({@code insertion}, which should rise fast).
 *
 * @param deletion probability after each step, from nothing covered to everything
 * @param insertion probability after each step, from nothing shown to everything
 */
public record Faithfulness(List<Double> deletion, List<Double> insertion) {
    private static final int STEPS = 16;

    /**
     * Copies the curves.
     *
     * @param deletion probability after each step
     * @param insertion probability after each step
     */
    public Faithfulness {
        deletion = List.copyOf(deletion);
        insertion = List.copyOf(insertion);
    }

    /**
     * Measures an attribution.
     *
     * @param explainer the model
     * @param view the view that the attribution explains
     * @param target the class
     * @param attribution the attribution to check
     * @return the curves
     */
    public static Faithfulness of(Explainer explainer, HostTensor view, int target, Attribution attribution) {
        ViewParts parts = parts(explainer, view);
        return measured(explainer, parts, target, parts.ranked(attribution));
    }

    /**
     * Measures a random order for comparison.
     *
     * @param explainer the model
     * @param view any view
     * @param target the class
     * @param seed of the order
     * @return the curves
     */
    public static Faithfulness ofRandomOrder(Explainer explainer, HostTensor view, int target, long seed) {
        ViewParts parts = parts(explainer, view);
        List<Integer> order = new ArrayList<>();
        for (int cell = 0; cell < parts.cells(); cell++) {
            order.add(cell);
        }
        Collections.shuffle(order, new Random(seed));
        return measured(explainer, parts, target, order);
    }

    /** Cuts a view into cells of twice the patch stride: fine enough for every method, and coarse enough to show some content. */
    private static ViewParts parts(Explainer explainer, HostTensor view) {
        HieraConfig config = explainer.model().encoder();
        List<Integer> tokens = config.tokenGrid();
        int axes = tokens.size();
        int steps = axes == 3 ? tokens.get(0) : 1;
        return new ViewParts(view, steps, Math.max(1, tokens.get(axes - 2) / 2), Math.max(1, tokens.get(axes - 1) / 2));
    }

    private static Faithfulness measured(Explainer explainer, ViewParts parts, int target, List<Integer> order) {
        List<Double> deletion = new ArrayList<>();
        List<Double> insertion = new ArrayList<>();
        int steps = Math.min(STEPS, order.size());
        for (int step = 0; step <= steps; step++) {
            List<Integer> first = order.subList(0, (int) ((long) step * order.size() / steps));
            deletion.add((double) explainer.probabilities(parts.without(first))[target]);
            insertion.add((double) explainer.probabilities(parts.only(first))[target]);
        }
        return new Faithfulness(deletion, insertion);
    }

    /** {@return the mean probability of the deletion curve: lower is better} */
    public double deletionArea() {
        return area(deletion);
    }

    /** {@return the mean probability of the insertion curve: higher is better} */
    public double insertionArea() {
        return area(insertion);
    }

    private static double area(List<Double> curve) {
        double sum = 0;
        for (int i = 1; i < curve.size(); i++) {
            sum += (curve.get(i - 1) + curve.get(i)) / 2;
        }
        return sum / (curve.size() - 1);
    }
}
