package io.github.hiera4j.torch.kernel;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.OutOfMemoryException;
import io.github.hiera4j.natives.NativeDefaults;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Where oneDNN is available: on Linux with an x86-64 processor. It generates kernels for the processor, shares OpenMP's threads with
 * libtorch, and uses as many of them as OpenMP's loops of the calling thread.
 */
final class OneDnn {
    private static final boolean IS_LOADED = Loader.getPlatform().equals("linux-x86_64") && loads();

    private OneDnn() {}

    private static boolean loads() {
        try {
            NativeDefaults.load(dnnl.class);
            return true;
        } catch (LinkageError | RuntimeException unavailable) {
            return false; // libtorch computes the same
        }
    }

    /** Returns whether oneDNN computes with the values of a tensor faster than libtorch. */
    static boolean supports(Tensor x) {
        return x.is_cpu()
                && x.numel() > 0
                && switch (x.scalar_type().intern()) {
                    case Float -> multipliesFloat32();
                    case BFloat16 -> computesBfloat16();
                    default -> false;
                };
    }

    /** Returns whether float32 is available; not if the user has chosen another library than OpenBLAS for libtorch, such as Intel MKL. */
    static boolean multipliesFloat32() {
        return IS_LOADED && System.getProperty("org.bytedeco.openblas.load") == null;
    }

    /** Returns whether the processor has instructions for bfloat16. */
    static boolean computesBfloat16() {
        return IS_LOADED
                && (dnnl.dnnl_get_effective_cpu_isa() & dnnl.dnnl_cpu_isa_avx512_core_bf16)
                        == dnnl.dnnl_cpu_isa_avx512_core_bf16;
    }

    static boolean isBfloat16(Tensor x) {
        return x.scalar_type().intern() == ScalarType.BFloat16;
    }

    /**
     * Throws an exception if oneDNN has not succeeded.
     *
     * @param what completes the sentence "oneDNN failed while ..."
     */
    static void require(int status, String what) {
        if (status == dnnl.dnnl_out_of_memory) {
            throw new OutOfMemoryException("oneDNN ran out of memory while " + what + ": use a smaller batch");
        }
        if (status != dnnl.dnnl_success) {
            throw new HieraException(
                    "oneDNN failed (status " + status + ") while " + what + ": report this as a fault");
        }
    }
}
