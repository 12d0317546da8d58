package io.github.hiera4j.onednn.primitive;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.OutOfMemoryException;
import io.github.hiera4j.model.graph.Function;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.natives.NativeDefaults;
import org.bytedeco.dnnl.dnnl_engine;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.global.dnnl;
import org.jspecify.annotations.Nullable;

/** oneDNN's C functions with Java's types: formats, and one method per primitive. */
public final class Dnnl {
    private Dnnl() {}

    /** The CPU engine; loading this class loads the native library. */
    private static final class Holder {
        static final dnnl_engine ENGINE;

        static {
            NativeDefaults.load(dnnl.class);
            ENGINE = new dnnl_engine();
            require(dnnl.dnnl_engine_create(ENGINE, dnnl.dnnl_cpu, 0), "creating the CPU engine");
        }
    }

    public static dnnl_engine engine() {
        return Holder.ENGINE;
    }

    /** Loads the library and returns its version and the instruction set it uses: {@code oneDNN 3.11.0, AVX-512 with bfloat16}. */
    public static String describe() {
        engine();
        var version = dnnl.dnnl_version();
        InstructionSet set = InstructionSet.effective();
        return "oneDNN " + version.major() + "." + version.minor() + "." + version.patch() + ", " + set.description()
                + (set.computes(DType.BFLOAT16) ? "" : " (without bfloat16)");
    }

    public static void require(int status, String what) {
        if (status == dnnl.dnnl_out_of_memory) {
            throw new OutOfMemoryException("oneDNN ran out of memory while " + what + ": use a smaller batch");
        }
        if (status == dnnl.dnnl_unimplemented) {
            throw new HieraException("oneDNN has no kernel on this processor ("
                    + InstructionSet.effective().description() + ") for " + what + ": use float32, or backend 'torch'");
        }
        if (status != dnnl.dnnl_success) {
            throw new HieraException("oneDNN failed (status " + status + ") while " + what);
        }
    }

    static int type(DType dtype) {
        return switch (dtype) {
            case FLOAT32 -> dnnl.dnnl_f32;
            case BFLOAT16 -> dnnl.dnnl_bf16;
            case UINT8 -> dnnl.dnnl_u8;
            case INT8 -> dnnl.dnnl_s8;
            case INT32 -> dnnl.dnnl_s32;
            default -> throw new HieraException("backend 'onednn' has no " + dtype + " tensors");
        };
    }

    public static MemoryFormat strided(DType dtype, long[] sizes, long[] strides) {
        dnnl_memory_desc handle = new dnnl_memory_desc();
        require(
                dnnl.dnnl_memory_desc_create_with_strides(handle, sizes.length, sizes, type(dtype), strides),
                "describing a strided tensor");
        return new MemoryFormat(handle);
    }

    /** A format in which the primitive chooses the layout. */
    public static MemoryFormat any(DType dtype, long... sizes) {
        dnnl_memory_desc handle = new dnnl_memory_desc();
        require(
                dnnl.dnnl_memory_desc_create_with_tag(
                        handle, sizes.length, sizes, type(dtype), dnnl.dnnl_format_tag_any),
                "describing a tensor of any layout");
        return new MemoryFormat(handle);
    }

    public static Primitive matmul(
            MemoryFormat source,
            MemoryFormat weights,
            @Nullable MemoryFormat bias,
            MemoryFormat destination,
            PostOps postOps) {
        return create(
                "preparing a matrix product",
                postOps,
                (description, attributes) -> dnnl.dnnl_matmul_primitive_desc_create(
                        description,
                        engine(),
                        source.handle(),
                        weights.handle(),
                        bias == null ? null : bias.handle(),
                        destination.handle(),
                        attributes));
    }

    public static Primitive convolution(
            MemoryFormat source,
            MemoryFormat weights,
            @Nullable MemoryFormat bias,
            MemoryFormat destination,
            long[] stride,
            long[] padding) {
        return create(
                "preparing a convolution",
                PostOps.none(),
                (description, attributes) -> describeConvolution(
                        description, source, weights, bias, destination, stride, padding, attributes));
    }

    private static int describeConvolution(
            dnnl_primitive_desc description,
            MemoryFormat source,
            MemoryFormat weights,
            @Nullable MemoryFormat bias,
            MemoryFormat destination,
            long[] stride,
            long[] padding,
            dnnl_primitive_attr attributes) {
        return dnnl.dnnl_convolution_forward_primitive_desc_create(
                description,
                engine(),
                dnnl.dnnl_forward_inference,
                dnnl.dnnl_convolution_direct,
                source.handle(),
                weights.handle(),
                bias == null ? null : bias.handle(),
                destination.handle(),
                stride,
                new long[stride.length],
                padding,
                padding,
                attributes);
    }

    /**
     * A convolution with a kernel of 1 × 1 over pixels whose channels are last. Of oneDNN's kernels it takes the one made for this case, even
     * if oneDNN prefers another one, which has been slower in all measurements.
     */
    public static Primitive pointwise(
            MemoryFormat source,
            MemoryFormat weights,
            @Nullable MemoryFormat bias,
            MemoryFormat destination,
            PostOps postOps) {
        long[] stride = {1, 1};
        long[] padding = {0, 0};
        return create("preparing a convolution with a kernel of 1 x 1", postOps, (description, attributes) -> {
            int status =
                    describeConvolution(description, source, weights, bias, destination, stride, padding, attributes);
            if (status != dnnl.dnnl_success) {
                return status;
            }
            while (!isForPointwise(Primitive.implementation(description))) {
                if (dnnl.dnnl_primitive_desc_next_impl(description) != dnnl.dnnl_success) {
                    dnnl.dnnl_primitive_desc_destroy(description);
                    return dnnl.dnnl_unimplemented;
                }
            }
            return dnnl.dnnl_success;
        });
    }

    private static boolean isForPointwise(String implementation) {
        return implementation.startsWith("jit_1x1:") || implementation.startsWith("jit_uni_int8_1x1:");
    }

    public static Primitive layerNorm(MemoryFormat source, MemoryFormat destination, double epsilon) {
        return create(
                "preparing a layer norm",
                PostOps.none(),
                (description, attributes) -> dnnl.dnnl_layer_normalization_forward_primitive_desc_create(
                        description,
                        engine(),
                        dnnl.dnnl_forward_inference,
                        source.handle(),
                        destination.handle(),
                        null,
                        (float) epsilon,
                        dnnl.dnnl_use_scale | dnnl.dnnl_use_shift,
                        attributes));
    }

    public static Primitive softmax(MemoryFormat source, MemoryFormat destination, int axis) {
        return create(
                "preparing a softmax",
                PostOps.none(),
                (description, attributes) -> dnnl.dnnl_softmax_forward_primitive_desc_create(
                        description,
                        engine(),
                        dnnl.dnnl_forward_inference,
                        dnnl.dnnl_softmax_accurate,
                        source.handle(),
                        destination.handle(),
                        axis,
                        attributes));
    }

    /** Maximum or mean over windows of {@code kernel}, which is also the stride. */
    public static Primitive pooling(boolean maximum, MemoryFormat source, MemoryFormat destination, long[] kernel) {
        return pooling(maximum, source, destination, kernel, kernel, new long[kernel.length]);
    }

    /** Maximum or mean over windows that may overlap; a maximum never reads the padding. */
    public static Primitive pooling(
            boolean maximum,
            MemoryFormat source,
            MemoryFormat destination,
            long[] kernel,
            long[] stride,
            long[] padding) {
        return create(
                "preparing a pooling",
                PostOps.none(),
                (description, attributes) -> dnnl.dnnl_pooling_forward_primitive_desc_create(
                        description,
                        engine(),
                        dnnl.dnnl_forward_inference,
                        maximum ? dnnl.dnnl_pooling_max : dnnl.dnnl_pooling_avg_include_padding,
                        source.handle(),
                        destination.handle(),
                        stride,
                        kernel,
                        new long[kernel.length],
                        padding,
                        padding,
                        attributes));
    }

    public static Primitive binary(boolean add, MemoryFormat left, MemoryFormat right, MemoryFormat destination) {
        return create(
                "preparing an element-wise operation",
                PostOps.none(),
                (description, attributes) -> dnnl.dnnl_binary_primitive_desc_create(
                        description,
                        engine(),
                        add ? dnnl.dnnl_binary_add : dnnl.dnnl_binary_mul,
                        left.handle(),
                        right.handle(),
                        destination.handle(),
                        attributes));
    }

    public static Primitive elementwise(Function function, MemoryFormat source, MemoryFormat destination) {
        int algorithm = switch (function) {
            case GELU -> dnnl.dnnl_eltwise_gelu_erf;
            case RELU -> dnnl.dnnl_eltwise_relu;
            case SIGMOID -> dnnl.dnnl_eltwise_logistic;
            case INVERSE_SQUARE_ROOT -> dnnl.dnnl_eltwise_pow;
            case SINE, COSINE -> throw new IllegalArgumentException("oneDNN has no " + function);
        };
        boolean isPower = algorithm == dnnl.dnnl_eltwise_pow; // alpha · x^beta
        return create(
                "preparing a function",
                PostOps.none(),
                (description, attributes) -> dnnl.dnnl_eltwise_forward_primitive_desc_create(
                        description,
                        engine(),
                        dnnl.dnnl_forward_inference,
                        algorithm,
                        source.handle(),
                        destination.handle(),
                        isPower ? 1 : 0,
                        isPower ? -0.5f : 0,
                        attributes));
    }

    /** A copy that changes layout or element type. */
    public static Primitive reorder(MemoryFormat source, MemoryFormat destination) {
        return reorder(source, destination, PostOps.none());
    }

    /** The same with a scale and a zero point: {@link PostOps#quantized}. */
    public static Primitive reorder(MemoryFormat source, MemoryFormat destination, PostOps postOps) {
        return create(
                "preparing a reorder",
                postOps,
                (description, attributes) -> dnnl.dnnl_reorder_primitive_desc_create(
                        description, source.handle(), engine(), destination.handle(), engine(), attributes));
    }

    private interface Creator {
        int create(dnnl_primitive_desc description, dnnl_primitive_attr attributes);
    }

    private static Primitive create(String what, PostOps postOps, Creator creator) {
        dnnl_primitive_attr attributes = postOps.toAttributes();
        try {
            dnnl_primitive_desc description = new dnnl_primitive_desc();
            require(creator.create(description, attributes), what);
            return new Primitive(description, what);
        } finally {
            dnnl.dnnl_primitive_attr_destroy(attributes);
        }
    }
}
