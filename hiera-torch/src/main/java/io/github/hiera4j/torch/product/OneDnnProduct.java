package io.github.hiera4j.torch.product;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.natives.NativeDefaults;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Loader;

/**
 * oneDNN's product of dense float32 matrices, row by row in memory. It uses as many threads as OpenMP's loops of the calling thread.
 *
 * <p>It is used on Linux with an x86-64 processor, where oneDNN generates kernels for the processor and shares OpenMP's threads with
 * libtorch. It is not used if the user has chosen another library than OpenBLAS for libtorch, such as Intel MKL.
 */
final class OneDnnProduct {
    private static final boolean IS_AVAILABLE = isSuitable() && loads();
    private static final byte NO = 'N';
    private static final byte YES = 'T';

    private OneDnnProduct() {}

    static boolean isAvailable() {
        return IS_AVAILABLE;
    }

    private static boolean isSuitable() {
        return Loader.getPlatform().equals("linux-x86_64") && System.getProperty("org.bytedeco.openblas.load") == null;
    }

    private static boolean loads() {
        try {
            NativeDefaults.apply();
            Loader.load(dnnl.class);
            return true;
        } catch (LinkageError | RuntimeException unavailable) {
            return false; // libtorch computes the same products
        }
    }

    /**
     * A factor of a product.
     *
     * @param values the matrix as it is in memory
     * @param stride elements of a row in memory
     * @param isTransposed whether the product reads the columns in memory as rows
     */
    record Factor(FloatPointer values, long stride, boolean isTransposed) {
        private byte transposition() {
            return isTransposed ? YES : NO;
        }
    }

    /**
     * Writes or adds {@code left · right}.
     *
     * @param left {@code [rows, inner]}
     * @param right {@code [inner, columns]}
     * @param result {@code [rows, columns]}
     * @param adds whether the product is added to the values of the result
     */
    static void multiply(
            Factor left, Factor right, FloatPointer result, long rows, long inner, long columns, boolean adds) {
        int status = dnnl.dnnl_sgemm(
                left.transposition(),
                right.transposition(),
                rows,
                columns,
                inner,
                1,
                left.values(),
                left.stride(),
                right.values(),
                right.stride(),
                adds ? 1 : 0,
                result,
                columns);
        if (status != dnnl.dnnl_success) {
            throw new HieraException("oneDNN could not multiply matrices of " + rows + " x " + inner + " and " + inner
                    + " x " + columns + " elements (status " + status + "): use a smaller batch");
        }
    }
}
