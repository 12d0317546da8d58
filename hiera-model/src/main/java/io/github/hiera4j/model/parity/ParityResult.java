package io.github.hiera4j.model.parity;

import io.github.hiera4j.model.mae.HieraMae;
import java.util.Comparator;
import java.util.List;

/**
 * The result of a backend on one golden case.
 *
 * @param caseName the case
 * @param differences every compared tensor, in the order of the network
 * @param tolerance largest relative L2 error allowed
 */
public record ParityResult(String caseName, List<TensorDifference> differences, double tolerance) {
    /** An area counts logits above 0, and rounding moves single ones across: 4 pixels of 200,000. */
    private static final double PIXEL_TOLERANCE = 2e-5;

    public ParityResult {
        differences = List.copyOf(differences);
    }

    public boolean ok() {
        return differences.stream().allMatch(difference -> difference.relL2() <= toleranceOf(difference.name()));
    }

    /** A loss averages rounding out, so that it may never be off by more than this, in any precision. */
    private double toleranceOf(String name) {
        if (name.endsWith(Sam2PromptRuns.AREA)) {
            return Math.max(tolerance, PIXEL_TOLERANCE);
        }
        return name.equals(HieraMae.LOSS) ? Math.min(tolerance, 0.02) : tolerance;
    }

    /** The tensor with the largest relative error. */
    public TensorDifference worst() {
        return differences.stream()
                .max(Comparator.comparingDouble(TensorDifference::relL2))
                .orElseThrow();
    }
}
