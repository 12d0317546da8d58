package io.github.hiera4j.api.insight.explain;

import io.github.hiera4j.api.insight.picture.Grid;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * The gradient of a class's score, averaged along the straight path from a view of mean colour to the view, times the difference.
 * By the fundamental theorem of calculus the sum over all pixels is the difference of the scores at both ends.
 *
 * <p>The path is cut into parts, finer where the score bends more, and the gradient is taken in the middle of each. Their number grows
 * until the sum agrees within 1 %, or until there are {@value #MOST_STEPS}.
 *
 * @param attribution summed over colours, one grid per frame
 * @param difference of the class's scores before the softmax: of the view, less that of mean colour
 * @param sum over all pixels; ideally the difference
 * @param steps parts of the path
 */
public record IntegratedGradients(Attribution attribution, double difference, double sum, int steps) {
    private static final int FIRST_STEPS = 32;
    static final int MOST_STEPS = 256;
    private static final int GROWTH = 3;
    private static final int BATCH = 4;
    private static final double TOLERANCE = 0.01;

    static IntegratedGradients of(Explainer explainer, HostTensor view, int target) {
        HostTensor baseline = HostTensor.allocate(DType.FLOAT32, view.shape());
        double difference = explainer.score(view, target) - explainer.score(baseline, target);
        ScorePath path = new ScorePath(explainer, view, target);
        IntegratedGradients result = sampled(explainer, view, target, difference, path.parts(FIRST_STEPS));
        while (!result.agrees() && result.steps < MOST_STEPS) {
            result = sampled(
                    explainer, view, target, difference, path.parts(Math.min(MOST_STEPS, result.steps * GROWTH)));
        }
        return result;
    }

    /** {@return whether the sum is within 1 % of the difference} */
    public boolean agrees() {
        return Math.abs(sum - difference) <= TOLERANCE * Math.abs(difference);
    }

    private static IntegratedGradients sampled(
            Explainer explainer, HostTensor view, int target, double difference, List<ScorePath.Part> parts) {
        float[] pixels = view.toFloats();
        double[] mean = new double[pixels.length];
        for (int start = 0; start < parts.size(); start += BATCH) {
            int batch = Math.min(BATCH, parts.size() - start);
            float[] path = new float[batch * pixels.length];
            for (int sample = 0; sample < batch; sample++) {
                double share = parts.get(start + sample).middle();
                for (int i = 0; i < pixels.length; i++) {
                    path[sample * pixels.length + i] = (float) (share * pixels[i]);
                }
            }
            Shape shape = view.shape().withSize(0, batch);
            float[] gradients = explainer.pixelGradients(HostTensor.of(shape, path), target);
            for (int i = 0; i < gradients.length; i++) {
                mean[i % pixels.length] +=
                        gradients[i] * parts.get(start + i / pixels.length).length();
            }
        }
        double sum = 0;
        for (int i = 0; i < mean.length; i++) {
            mean[i] *= pixels[i];
            sum += mean[i];
        }
        return new IntegratedGradients(
                new Attribution(Attribution.Method.INTEGRATED_GRADIENTS, perFrame(mean, view.shape())),
                difference,
                sum,
                parts.size());
    }

    /** Summed over colours. */
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
