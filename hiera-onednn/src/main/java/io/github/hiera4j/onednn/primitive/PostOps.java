package io.github.hiera4j.onednn.primitive;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.dnnl_post_ops;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.global.dnnl;

/** The operations that a primitive applies to its result before writing it, in order. */
public final class PostOps {
    private interface Append {
        int to(dnnl_post_ops operations);
    }

    /** The slot of one float32 factor per output channel. */
    public static final int WEIGHT_SCALES = dnnl.DNNL_ARG_ATTR_SCALES | dnnl.DNNL_ARG_WEIGHTS;

    /** The slot of the float32 scale of a quantised result. */
    public static final int RESULT_SCALE = dnnl.DNNL_ARG_ATTR_SCALES | dnnl.DNNL_ARG_DST;

    /** The slot of the int32 value that means 0 in a quantised result. */
    public static final int RESULT_ZERO_POINT = dnnl.DNNL_ARG_ATTR_ZERO_POINTS | dnnl.DNNL_ARG_DST;

    private static final int PER_TENSOR = 0;
    private static final int NONE = -1;

    private int scaledAxis = NONE; // of the weights
    private boolean quantizes;
    private final List<Append> steps = new ArrayList<>();

    public static PostOps none() {
        return new PostOps();
    }

    /** x · Φ(x), exact. */
    public PostOps gelu() {
        return with(operations -> dnnl.dnnl_post_ops_append_eltwise(operations, dnnl.dnnl_eltwise_gelu_erf, 0, 0));
    }

    public PostOps scale(double factor) {
        return affine(factor, 0);
    }

    /** {@code factor · x + shift}. */
    public PostOps affine(double factor, double shift) {
        return with(operations ->
                dnnl.dnnl_post_ops_append_eltwise(operations, dnnl.dnnl_eltwise_linear, (float) factor, (float) shift));
    }

    /** Multiplies products of integers by a factor for each entry of an axis of the weights before anything else: {@link #WEIGHT_SCALES}. */
    public PostOps scaledAlong(int axis) {
        scaledAxis = axis;
        return this;
    }

    /** Makes the result of a reorder {@code x / scale + zero point}: {@link #RESULT_SCALE}, {@link #RESULT_ZERO_POINT}. */
    public PostOps quantized() {
        quantizes = true;
        return this;
    }

    /** Adds the existing contents of the destination. */
    public PostOps addToDestination() {
        return with(operations -> dnnl.dnnl_post_ops_append_sum(operations, 1, 0, dnnl.dnnl_data_type_undef));
    }

    /** Adds or multiplies by another tensor, given as argument number {@link #argument}. */
    public PostOps binary(boolean add, MemoryFormat operand) {
        int algorithm = add ? dnnl.dnnl_binary_add : dnnl.dnnl_binary_mul;
        return with(operations -> dnnl.dnnl_post_ops_append_binary(operations, algorithm, operand.handle()));
    }

    /** The slot under which the operand of the latest binary step is passed. */
    public int argument() {
        return dnnl.DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE * steps.size() | dnnl.DNNL_ARG_SRC_1;
    }

    private PostOps with(Append step) {
        steps.add(step);
        return this;
    }

    /** Creates attributes with these steps and caller-provided scratch memory; the caller destroys them. */
    dnnl_primitive_attr toAttributes() {
        dnnl_primitive_attr attributes = new dnnl_primitive_attr();
        Dnnl.require(dnnl.dnnl_primitive_attr_create(attributes), "creating attributes");
        try {
            fill(attributes);
            return attributes;
        } catch (RuntimeException | Error fault) {
            dnnl.dnnl_primitive_attr_destroy(attributes);
            throw fault;
        }
    }

    private void fill(dnnl_primitive_attr attributes) {
        dnnl.dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl.dnnl_scratchpad_mode_user);
        if (scaledAxis != NONE) {
            Dnnl.require(
                    dnnl.dnnl_primitive_attr_set_scales_mask(attributes, dnnl.DNNL_ARG_WEIGHTS, 1 << scaledAxis),
                    "setting the scales of weights");
        }
        if (quantizes) {
            Dnnl.require(
                    dnnl.dnnl_primitive_attr_set_scales_mask(attributes, dnnl.DNNL_ARG_DST, PER_TENSOR),
                    "setting the scale of a result");
            Dnnl.require(
                    dnnl.dnnl_primitive_attr_set_zero_points_mask(attributes, dnnl.DNNL_ARG_DST, PER_TENSOR),
                    "setting the zero point of a result");
        }
        dnnl_post_ops operations = new dnnl_post_ops();
        Dnnl.require(dnnl.dnnl_post_ops_create(operations), "creating post-operations");
        try {
            steps.forEach(step -> Dnnl.require(step.to(operations), "adding a post-operation"));
            Dnnl.require(dnnl.dnnl_primitive_attr_set_post_ops(attributes, operations), "attaching post-operations");
        } finally {
            dnnl.dnnl_post_ops_destroy(operations);
        }
    }
}
