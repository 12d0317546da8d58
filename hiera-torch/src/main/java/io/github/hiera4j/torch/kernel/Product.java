package io.github.hiera4j.torch.kernel;

import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * A product {@code left · right} of matrices.
 *
 * @param left {@code [rows, inner]}
 * @param right {@code [inner, columns]}
 * @param result {@code [rows, columns]}
 */
record Product(Factor left, Factor right, Pointer result, long rows, long inner, long columns) {
    private static final byte NO = 'N';
    private static final byte YES = 'T';

    /**
     * A factor.
     *
     * @param values the matrix as it is in memory
     * @param stride elements of a row in memory
     * @param isTransposed whether the product reads the columns in memory as rows
     */
    record Factor(Pointer values, long stride, boolean isTransposed) {}

    /**
     * Computes a product of float32 matrices; oneDNN's BLAS function is faster than its primitive (docs/performance-training.md).
     *
     * @param adds whether the product is added to the values of the result
     */
    void float32(boolean adds) {
        OneDnn.require(
                dnnl.dnnl_sgemm(
                        left.isTransposed() ? YES : NO,
                        right.isTransposed() ? YES : NO,
                        rows,
                        columns,
                        inner,
                        1,
                        new FloatPointer(left.values()),
                        left.stride(),
                        new FloatPointer(right.values()),
                        right.stride(),
                        adds ? 1 : 0,
                        new FloatPointer(result),
                        columns),
                what());
    }

    /**
     * Computes a product of bfloat16 matrices; its sums are float32.
     *
     * @param bias {@code [columns]}, added to every row; null if there is none
     */
    void bfloat16(@Nullable Pointer bias) {
        int type = dnnl.dnnl_bf16;
        try (OneDnnCall call = new OneDnnCall(what())) {
            var source = format(call, left, rows, inner);
            var weights = format(call, right, inner, columns);
            var offset = bias == null ? null : call.matrix(type, 1, columns);
            var destination = call.matrix(type, rows, columns);
            call.put(dnnl.DNNL_ARG_SRC, source, left.values());
            call.put(dnnl.DNNL_ARG_WEIGHTS, weights, right.values());
            call.put(dnnl.DNNL_ARG_DST, destination, result);
            if (bias != null && offset != null) {
                call.put(dnnl.DNNL_ARG_BIAS, offset, bias);
            }
            call.run(call.describe((description, engine, attributes) -> dnnl.dnnl_matmul_primitive_desc_create(
                    description, engine, source, weights, offset, destination, attributes)));
        }
    }

    private static dnnl_memory_desc format(OneDnnCall call, Factor factor, long rows, long columns) {
        return factor.isTransposed()
                ? call.matrix(dnnl.dnnl_bf16, rows, columns, 1, factor.stride())
                : call.matrix(dnnl.dnnl_bf16, rows, columns, factor.stride(), 1);
    }

    private String what() {
        return "multiplying matrices of " + rows + " x " + inner + " and " + inner + " x " + columns + " elements";
    }
}
