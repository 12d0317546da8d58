package io.github.hiera4j.torch.cuda;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.natives.NativeDefaults;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.pytorch.global.torch_cuda;

/** Checks whether the CUDA bindings are available, describes GPUs, and reports CUDA's errors. */
public final class Cuda {
    /** Initialised on first use of a GPU, so that nothing is loaded where there is none. */
    private static final class Bindings {
        static final boolean EXIST = load();

        private static boolean load() {
            try {
                NativeDefaults.load(cudart.class, torch_cuda.class);
                return true;
            } catch (LinkageError | RuntimeException missing) {
                return false;
            }
        }
    }

    private Cuda() {}

    /**
     * Returns whether streams and graphs can be created. Without them, libtorch computes on the stream that all threads share.
     *
     * @return whether the class path has {@code org.bytedeco:cuda} and libtorch's GPU artifacts, and the CUDA libraries can be loaded
     */
    public static boolean hasBindings() {
        return Bindings.EXIST;
    }

    /**
     * Returns the generation of a GPU.
     *
     * @param device the number of the GPU, from 0
     * @return its compute capability: ten times the major plus the minor number, 90 for an H100
     */
    public static int computeCapability(int device) {
        try (IntPointer value = new IntPointer(1L)) {
            String what = "reading the GPU's compute capability";
            require(cudart.cudaDeviceGetAttribute(value, cudart.cudaDevAttrComputeCapabilityMajor, device), what);
            int major = value.get();
            require(cudart.cudaDeviceGetAttribute(value, cudart.cudaDevAttrComputeCapabilityMinor, device), what);
            return 10 * major + value.get();
        }
    }

    /**
     * Throws an exception if a call has failed.
     *
     * @param status what the call returned
     * @param what completes the sentence "CUDA failed while ..."
     */
    static void require(int status, String what) {
        if (status != cudart.cudaSuccess) {
            cudart.cudaGetLastError(); // otherwise the next call of libtorch reports it again
            throw new HieraException("CUDA failed while " + what + ": "
                    + cudart.cudaGetErrorString(status).getString());
        }
    }
}
