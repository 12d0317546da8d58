package io.github.hiera4j.torch.cuda;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.natives.NativeDefaults;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.bytedeco.cuda.cudart.CUfunc_st;
import org.bytedeco.cuda.cudart.CUmod_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.cuda.global.nvrtc;
import org.bytedeco.cuda.nvrtc._nvrtcProgram;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.SizeTPointer;
import org.bytedeco.pytorch.cuda.CUDAGuard;
import org.bytedeco.pytorch.global.torch_cuda;

/**
 * A kernel of this package, compiled with NVRTC for the GPU that runs it, in less than a second. It stays loaded until the process ends.
 */
public final class CudaKernel {
    private final int device;
    private final CUfunc_st function;

    private CudaKernel(int device, CUfunc_st function) {
        this.device = device;
        this.function = function;
    }

    /**
     * Compiles a kernel.
     *
     * @param device the number of the GPU, from 0
     * @param file the source, a resource of this package
     * @param name the kernel
     * @param definition a macro that the source requires
     * @return the kernel
     * @throws HieraException if it cannot be compiled or loaded
     * @throws LinkageError if NVRTC is not installed
     */
    public static CudaKernel compile(int device, String file, String name, String definition) {
        NativeDefaults.load(nvrtc.class);
        try (PointerScope scope = new PointerScope();
                CUDAGuard guard = new CUDAGuard((byte) device)) {
            BytePointer code = compile(read(file), file, "sm_" + Cuda.computeCapability(device), definition);
            CUmod_st module = new CUmod_st();
            requireDriver(cudart.cuModuleLoadData(module, code), "loading the kernel " + name);
            CUfunc_st function = new CUfunc_st();
            requireDriver(cudart.cuModuleGetFunction(function, module, name), "finding the kernel " + name);
            return new CudaKernel(device, function);
        }
    }

    private static String read(String file) {
        try (InputStream source = CudaKernel.class.getResourceAsStream(file)) {
            if (source == null) {
                throw new IllegalArgumentException("there is no resource " + file);
            }
            return new String(source.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new HieraException("cannot read " + file + " from the class path: " + unreadable.getMessage());
        }
    }

    /** Returns the machine code for an architecture such as {@code sm_90}; belongs to the current scope. */
    static BytePointer compile(String source, String file, String architecture, String definition) {
        _nvrtcProgram program = new _nvrtcProgram();
        PointerPointer<BytePointer> none = new PointerPointer<>();
        requireCompiler(
                nvrtc.nvrtcCreateProgram(program, new BytePointer(source), new BytePointer(file), 0, none, none), "");
        try {
            PointerPointer<BytePointer> options = new PointerPointer<>(2);
            options.put(0, new BytePointer("--gpu-architecture=" + architecture));
            options.put(1, new BytePointer("-D" + definition));
            int status = nvrtc.nvrtcCompileProgram(program, 2, options);
            if (status != nvrtc.NVRTC_SUCCESS) {
                requireCompiler(status, log(program));
            }
            SizeTPointer size = new SizeTPointer(1);
            requireCompiler(nvrtc.nvrtcGetCUBINSize(program, size), "");
            BytePointer code = new BytePointer(size.get());
            requireCompiler(nvrtc.nvrtcGetCUBIN(program, code), "");
            return code;
        } finally {
            nvrtc.nvrtcDestroyProgram(program);
        }
    }

    private static String log(_nvrtcProgram program) {
        SizeTPointer size = new SizeTPointer(1);
        requireCompiler(nvrtc.nvrtcGetProgramLogSize(program, size), "");
        BytePointer text = new BytePointer(size.get());
        requireCompiler(nvrtc.nvrtcGetProgramLog(program, text), "");
        return ": " + text.getString();
    }

    private static void requireCompiler(int status, String detail) {
        if (status != nvrtc.NVRTC_SUCCESS) {
            throw new HieraException("NVRTC cannot compile a kernel: "
                    + nvrtc.nvrtcGetErrorString(status).getString() + detail);
        }
    }

    private static void requireDriver(int status, String what) {
        if (status != cudart.CUDA_SUCCESS) {
            throw new HieraException("CUDA failed (driver status " + status + ") while " + what);
        }
    }

    /**
     * Starts the kernel on the current stream of its GPU.
     *
     * @param blocks the number of blocks
     * @param threads the threads of a block
     * @param arguments one value per parameter, in its lowest bits: addresses, integers, and the bits of floats
     */
    public void launch(long blocks, int threads, long... arguments) {
        try (PointerScope scope = new PointerScope();
                CUDAGuard guard = new CUDAGuard((byte) device)) {
            LongPointer values = new LongPointer(arguments);
            PointerPointer<LongPointer> places = new PointerPointer<>(arguments.length);
            for (int i = 0; i < arguments.length; i++) {
                places.put(i, values.getPointer(i));
            }
            requireDriver(
                    cudart.cuLaunchKernel(
                            function,
                            Math.toIntExact(blocks),
                            1,
                            1,
                            threads,
                            1,
                            1,
                            0,
                            torch_cuda.getCurrentCUDAStream((byte) device).stream(),
                            places,
                            new PointerPointer<>()),
                    "starting a kernel");
        }
    }
}
