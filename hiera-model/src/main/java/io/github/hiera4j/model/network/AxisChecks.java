package io.github.hiera4j.model.network;

import static io.github.hiera4j.model.Check.check;

import java.util.Collections;
import java.util.List;

/** The checks of a {@link HieraConfig} that concern its axes: (time,) height, width. */
final class AxisChecks {
    private AxisChecks() {}

    /**
     * Checks that a setting has one entry per axis.
     *
     * @param name its key, for the message
     * @param minimum the smallest allowed entry
     */
    static void requireEntries(String name, List<Integer> values, int axes, int minimum) {
        check(
                values.size() == axes && Collections.min(values) >= minimum,
                "%s must have %d entries of at least %d (one per axis of input_size), got %s",
                name,
                axes,
                minimum,
                values);
    }

    /** Checks that an input axis divides into patches, the patches into mask units, and a mask unit into pooled tokens. */
    static void requireGeometry(
            int axis,
            List<Integer> inputSize,
            List<Integer> patchStride,
            List<Integer> patchKernel,
            List<Integer> patchPadding,
            List<Integer> maskUnitSize,
            List<Integer> qStride,
            int stages) {
        int input = inputSize.get(axis);
        int stride = patchStride.get(axis);
        check(
                input >= 1 && input % stride == 0,
                "input_size must be divisible by patch_stride: axis %d has %d and %d",
                axis,
                input,
                stride);
        int tokens = input / stride;
        int convolved = (input + 2 * patchPadding.get(axis) - patchKernel.get(axis)) / stride + 1;
        check(
                convolved == tokens,
                "patch_kernel, patch_stride and patch_padding must give input_size / patch_stride = %d tokens on axis"
                        + " %d, they give %d",
                tokens,
                axis,
                convolved);
        int unit = maskUnitSize.get(axis);
        check(
                tokens % unit == 0,
                "the token grid must be divisible by mask_unit_size: axis %d has %d tokens and units of %d;"
                        + " input_size must be a multiple of %d there",
                axis,
                tokens,
                unit,
                unit * stride);
        long shrunk = 1;
        for (int transition = 0; transition < stages - 1; transition++) {
            shrunk *= qStride.get(axis);
        }
        check(unit == shrunk, "mask_unit_size must be q_stride^(stages-1) = %d on axis %d, got %d", shrunk, axis, unit);
    }
}
