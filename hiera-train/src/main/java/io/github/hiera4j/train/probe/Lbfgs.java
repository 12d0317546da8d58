package io.github.hiera4j.train.probe;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;

/**
 * Limited-memory BFGS for smooth convex functions (Nocedal and Wright, Numerical Optimization, algorithms 7.4 and 7.5), with a
 * backtracking line search. Deterministic.
 */
final class Lbfgs {
    private static final int HISTORY = 10;
    private static final int MOST_HALVINGS = 40;
    private static final double SUFFICIENT_DECREASE = 1e-4;

    private Lbfgs() {}

    /** A function of many variables. */
    @FunctionalInterface
    interface Function {
        /** Returns the value at a point; overwrites {@code gradient}. */
        double valueAndGradient(double[] point, double[] gradient);
    }

    /** The changes of point and gradient in one step. */
    private record Pair(double[] step, double[] change, double curvature) {}

    /**
     * The end of the search.
     *
     * @param gradientSize the largest component of the gradient there
     */
    record Minimum(double[] point, double value, double gradientSize, int steps) {}

    /**
     * Minimises a function until no component of the gradient is larger than the tolerance, or no step decreases the value.
     *
     * @param start the initial point; not modified
     */
    static Minimum minimize(Function function, double[] start, int mostSteps, double tolerance) {
        double[] point = start.clone();
        double[] gradient = new double[point.length];
        double value = function.valueAndGradient(point, gradient);
        Deque<Pair> history = new ArrayDeque<>();
        double[] next = new double[point.length];
        double[] nextGradient = new double[point.length];
        int steps = 0;
        while (steps < mostSteps && largest(gradient) > tolerance) {
            double[] direction = direction(gradient, history);
            double slope = dot(direction, gradient);
            double length = history.isEmpty() ? 1 / Math.sqrt(dot(gradient, gradient)) : 1;
            double nextValue = Double.POSITIVE_INFINITY;
            for (int halving = 0; halving < MOST_HALVINGS; halving++) {
                for (int i = 0; i < point.length; i++) {
                    next[i] = point[i] + length * direction[i];
                }
                nextValue = function.valueAndGradient(next, nextGradient);
                if (nextValue <= value + SUFFICIENT_DECREASE * length * slope) {
                    break;
                }
                length /= 2;
            }
            if (!(nextValue < value)) {
                break; // the limit of rounding is reached
            }
            remember(history, point, next, gradient, nextGradient);
            double[] oldPoint = point;
            point = next;
            next = oldPoint;
            double[] oldGradient = gradient;
            gradient = nextGradient;
            nextGradient = oldGradient;
            value = nextValue;
            steps++;
        }
        return new Minimum(point, value, largest(gradient), steps);
    }

    private static void remember(Deque<Pair> history, double[] from, double[] to, double[] before, double[] after) {
        double[] step = new double[from.length];
        double[] change = new double[from.length];
        for (int i = 0; i < step.length; i++) {
            step[i] = to[i] - from[i];
            change[i] = after[i] - before[i];
        }
        double curvature = dot(step, change);
        if (curvature > 1e-12 * dot(change, change)) { // a flat direction gives no information about the curvature
            history.addLast(new Pair(step, change, curvature));
            if (history.size() > HISTORY) {
                history.removeFirst();
            }
        }
    }

    /** Returns the negative gradient, multiplied by the approximation of the inverse Hessian from the history. */
    private static double[] direction(double[] gradient, Deque<Pair> history) {
        double[] direction = gradient.clone();
        double[] shares = new double[history.size()];
        int at = history.size();
        for (Iterator<Pair> pairs = history.descendingIterator(); pairs.hasNext(); ) {
            Pair pair = pairs.next();
            shares[--at] = dot(pair.step(), direction) / pair.curvature();
            addScaled(direction, -shares[at], pair.change());
        }
        if (!history.isEmpty()) {
            Pair last = history.getLast();
            double scale = last.curvature() / dot(last.change(), last.change());
            Arrays.setAll(direction, i -> direction[i] * scale);
        }
        for (Pair pair : history) {
            double share = dot(pair.change(), direction) / pair.curvature();
            addScaled(direction, shares[at++] - share, pair.step());
        }
        Arrays.setAll(direction, i -> -direction[i]);
        return direction;
    }

    private static void addScaled(double[] target, double factor, double[] source) {
        for (int i = 0; i < target.length; i++) {
            target[i] += factor * source[i];
        }
    }

    private static double dot(double[] left, double[] right) {
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            sum += left[i] * right[i];
        }
        return sum;
    }

    private static double largest(double[] values) {
        double largest = 0;
        for (double value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }
}
