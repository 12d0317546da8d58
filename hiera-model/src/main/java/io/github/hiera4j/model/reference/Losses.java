package io.github.hiera4j.model.reference;

import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.model.tensor.Shape;

/** The losses, as their records in {@link Op} define them. Each gives one number, of shape {@code [1]}. */
final class Losses {
    private Losses() {}

    static DoubleTensor meanSquaredError(DoubleTensor prediction, DoubleTensor target) {
        double sum = 0;
        for (int i = 0; i < prediction.values().length; i++) {
            double difference = prediction.values()[i] - target.values()[i];
            sum += difference * difference;
        }
        return scalar(sum / prediction.values().length);
    }

    static DoubleTensor smoothL1(Op.SmoothL1 op, DoubleTensor prediction, DoubleTensor target, DoubleTensor weight) {
        double sum = 0;
        for (int i = 0; i < prediction.values().length; i++) {
            double distance = Math.abs(prediction.values()[i] - target.values()[i]);
            double loss = distance < op.beta() ? .5 * distance * distance / op.beta() : distance - .5 * op.beta();
            sum += weight.values()[i] * loss;
        }
        return scalar(sum);
    }

    static DoubleTensor binaryCrossEntropy(DoubleTensor logits, DoubleTensor target, DoubleTensor weight) {
        double sum = 0;
        for (int i = 0; i < logits.values().length; i++) {
            double x = logits.values()[i];
            double loss = Math.max(x, 0) - x * target.values()[i] + Math.log1p(Math.exp(-Math.abs(x)));
            sum += weight.values()[i] * loss;
        }
        return scalar(sum);
    }

    /** The mean over samples, given the softmax of the logits. */
    static DoubleTensor crossEntropy(DoubleTensor probabilities, DoubleTensor target) {
        double sum = 0;
        for (int i = 0; i < probabilities.values().length; i++) {
            sum -= target.values()[i] * Math.log(probabilities.values()[i]);
        }
        return scalar(sum / probabilities.shape().size(0));
    }

    private static DoubleTensor scalar(double value) {
        return new DoubleTensor(Shape.of(1), new double[] {value});
    }
}
