package io.github.hiera4j.torch.cuda;

import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.cuda.cudart.CUgraphExec_st;
import org.bytedeco.cuda.cudart.CUgraph_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.cuda.DeviceAssertionsDataVectorCUDAKernelLaunchInfoVectorPair;
import org.bytedeco.pytorch.cuda.StreamFilter;
import org.bytedeco.pytorch.global.torch_cuda;

/**
 * A recorded sequence of kernels that starts with one call instead of one call per kernel (CUDA C++ Programming Guide, "CUDA Graphs").
 *
 * <p>The kernels read and write the same addresses in every launch. Tensors that were allocated while recording therefore have memory of
 * their own, which libtorch gives to nobody else before the graph is closed. Not thread-safe.
 */
public final class CudaGraph implements AutoCloseable {
    private static final int THREAD_LOCAL = cudart.cudaStreamCaptureModeThreadLocal;

    /** Held while recording and while freeing memory, which libtorch does not support at the same time. */
    private static final Object ALLOCATOR = new Object();

    private final CudaStream stream;
    private final Pool pool;
    private final CUgraphExec_st kernels;
    private boolean closed;

    /** Memory of libtorch's allocator that only one graph uses. */
    private static final class Pool {
        /** libtorch counts its own pools from 1. */
        private static final AtomicLong NEXT = new AtomicLong(1L << 40);

        private final byte device;
        private final LongPointer numbers; // libtorch's MempoolId_t, a pair
        private final DeviceAssertionsDataVectorCUDAKernelLaunchInfoVectorPair id; // the bindings' name of such a pair

        Pool(int device) {
            this.device = (byte) device;
            numbers = new LongPointer(2).put(0, NEXT.incrementAndGet()).put(1, 0);
            id = new DeviceAssertionsDataVectorCUDAKernelLaunchInfoVectorPair(numbers);
            numbers.retainReference();
            id.retainReference();
        }

        /** From now on, allocations for a stream take memory of this pool. */
        void begin(StreamFilter isOfStream) {
            torch_cuda.beginAllocateToPool(device, id, isOfStream);
        }

        void end() {
            torch_cuda.endAllocateToPool(device, id);
        }

        /** Returns the memory to the GPU; its tensors are closed. */
        void release() {
            torch_cuda.getAllocator().releasePool(device, id);
            torch_cuda.getAllocator().emptyCache(); // libtorch would keep the memory for no one
            id.releaseReference();
            numbers.releaseReference();
        }
    }

    private CudaGraph(CudaStream stream, Pool pool, CUgraphExec_st kernels) {
        this.stream = stream;
        this.pool = pool;
        this.kernels = kernels;
    }

    /**
     * Records kernels without running them.
     *
     * @param stream the stream that the current thread has entered
     * @param work starts the kernels; must not wait for the GPU or copy from or to ordinary host memory. It must have run before on this
     *     thread and stream, so that libraries have created what they keep
     * @return the recorded kernels
     * @throws RuntimeException if the work cannot be recorded
     */
    public static CudaGraph record(CudaStream stream, Runnable work) {
        stream.synchronize();
        Pool pool = new Pool(stream.device());
        synchronized (ALLOCATOR) {
            try (PointerScope scope = new PointerScope()) {
                CUgraphExec_st kernels = instantiate(capture(stream, pool, work));
                kernels.retainReference();
                return new CudaGraph(stream, pool, kernels);
            } catch (RuntimeException | Error failure) {
                pool.release();
                throw failure;
            }
        }
    }

    private static CUgraph_st capture(CudaStream stream, Pool pool, Runnable work) {
        var handle = stream.stream().stream();
        long own = handle.address();
        StreamFilter isOfStream = new StreamFilter() {
            @Override
            public boolean call(Pointer other) {
                return other != null && other.address() == own;
            }
        };
        CUgraph_st graph = new CUgraph_st();
        pool.begin(isOfStream);
        try {
            Cuda.require(cudart.cudaStreamBeginCapture(handle, THREAD_LOCAL), "starting to record kernels");
            boolean isComplete = false;
            int status = cudart.cudaSuccess;
            try {
                work.run();
                isComplete = true;
            } finally {
                status = cudart.cudaStreamEndCapture(handle, graph); // even if the work has failed
                if (!isComplete) {
                    discard(graph, status); // the failure of the work says more
                }
            }
            Cuda.require(status, "recording kernels");
        } finally {
            pool.end();
        }
        return graph;
    }

    private static void discard(CUgraph_st graph, int status) {
        if (status == cudart.cudaSuccess) {
            cudart.cudaGraphDestroy(graph);
        } else {
            cudart.cudaGetLastError(); // otherwise the next call of libtorch reports it
        }
    }

    private static CUgraphExec_st instantiate(CUgraph_st graph) {
        CUgraphExec_st kernels = new CUgraphExec_st();
        try {
            Cuda.require(cudart.cudaGraphInstantiate(kernels, graph, 0), "preparing recorded kernels");
        } finally {
            cudart.cudaGraphDestroy(graph);
        }
        return kernels;
    }

    /** Starts the kernels on the stream on which they were recorded, and returns at once. */
    public void launch() {
        if (closed) {
            throw new IllegalStateException("recorded kernels are launched after they were freed");
        }
        Cuda.require(cudart.cudaGraphLaunch(kernels, stream.stream().stream()), "launching recorded kernels");
    }

    /** Frees the kernels and their memory; a second call does nothing. The caller has closed all tensors that were allocated while recording. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            stream.synchronize();
        } finally {
            cudart.cudaGraphExecDestroy(kernels);
            kernels.releaseReference();
            synchronized (ALLOCATOR) {
                pool.release();
            }
        }
    }
}
