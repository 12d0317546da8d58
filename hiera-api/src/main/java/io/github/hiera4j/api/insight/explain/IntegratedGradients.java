package io.github.hiera4j.api.insight.explain;

import io.github.hiera4j.api.insight.picture.Grid;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The gradient of a class's score, averaged along the straight path from a view of mean colour to the view, times the difference.
 * By the fundamental theorem of calculus, the sum over all pixels is the difference of the scores at both ends.
 *
 * <p>The path is divided into parts, and the gradient is computed at the middle of each. The parts in which it deviates most from the
 * difference of the scores at their ends are halved until the sum agrees within 1 %, or until there are {@value #MOST_STEPS} parts.
 *
 * @param attribution summed over colours, one grid per frame
 * @param difference of the class's scores before the softmax: that of the view minus that of the mean colour
 * @param sum over all pixels; ideally the difference
 * @param steps number of parts of the path
 */
public record IntegratedGradients(Attribution attribution, double difference, double sum, int steps) {
    static final int MOST_STEPS = 1024;

    private static final int FIRST_STEPS = 32;
    private static final int HALVED_AT_ONCE = 8;
    private static final double TOLERANCE = 0.01;
    private static final double GOAL = TOLERANCE / 2; // leaves room for rounding

    static IntegratedGradients of(Explainer explainer, HostTensor view, int target) {
        GradientPath path = new GradientPath(explainer, view, target, FIRST_STEPS);
        while (Math.abs(path.sum() - path.difference()) > GOAL * Math.abs(path.difference())
                && path.parts() < MOST_STEPS) {
            path.halveWorst(HALVED_AT_ONCE);
        }
        double[] attribution = path.attribution();
        return new IntegratedGradients(
                new Attribution(Attribution.Method.INTEGRATED_GRADIENTS, perFrame(attribution, view.shape())),
                path.difference(),
                Arrays.stream(attribution).sum(),
                path.parts());
    }

    /** {@return whether the sum is within 1 % of the difference} */
    public boolean agrees() {
        return Math.abs(sum - difference) <= TOLERANCE * Math.abs(difference);
    }

    /** Sums an attribution over colours. */
    private static List<Grid> perFrame(double[] values, Shape shape) {
        int frames = shape.rank() == 5 ? shape.size(2) : 1;
        int area = shape.size(-2) * shape.size(-1);
        List<Grid> grids = new ArrayList<>();
        for (int frame = 0; frame < frames; frame++) {
            float[] sums = new float[area];
            for (int channel = 0; channel < 3; channel++) {
                for (int i = 0; i < area; i++) {
                    sums[i] += (float) values[(channel * frames + frame) * area + i];
                }
            }
            grids.add(new Grid(shape.size(-2), shape.size(-1), sums));
        }
        return grids;
    }
}
