package io.github.hiera4j.torch.cuda;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Stream;
import org.bytedeco.pytorch.cuda.CUDAGuard;
import org.bytedeco.pytorch.cuda.CUDAStream;
import org.bytedeco.pytorch.cuda.CUDAStreamGuard;
import org.bytedeco.pytorch.global.torch_cuda;

/**
 * A CUDA stream with one user at a time. The kernels that libtorch starts on a thread run on the stream that the thread has
 * {@linkplain #enter entered}; streams run side by side. Not thread-safe.
 *
 * <p>A closed stream is kept for the next user, because libtorch keeps memory for every stream, such as the workspace of matrix products,
 * and never frees it. The streams of libtorch's own pool have several users, so that recording kernels on them would include those of others.
 */
public final class CudaStream implements AutoCloseable {
    private static final Map<Integer, Deque<CUDAStream>> UNUSED = new HashMap<>(); // by device; guarded by itself

    private final int device;
    private final CUDAStream stream;
    private boolean closed;

    /**
     * Takes an unused stream, or creates one.
     *
     * @param device the number of the GPU, from 0
     * @throws io.github.hiera4j.model.HieraException if the GPU has no resources left
     */
    public CudaStream(int device) {
        this.device = device;
        CUDAStream unused;
        synchronized (UNUSED) {
            Deque<CUDAStream> streams = UNUSED.get(device);
            unused = streams == null ? null : streams.poll();
        }
        stream = unused == null ? create(device) : unused;
    }

    private static CUDAStream create(int device) {
        try (PointerScope scope = new PointerScope();
                CUDAGuard guard = new CUDAGuard((byte) device)) {
            CUstream_st handle = new CUstream_st();
            Cuda.require(cudart.cudaStreamCreateWithFlags(handle, cudart.cudaStreamNonBlocking), "creating a stream");
            CUDAStream created = torch_cuda.getStreamFromExternal(handle, (byte) device);
            created.retainReference(); // outlives the scope
            return created;
        }
    }

    int device() {
        return device;
    }

    CUDAStream stream() {
        return stream;
    }

    /** The time in which a thread uses the stream. */
    public static final class Use implements AutoCloseable {
        private final CUDAStreamGuard guard;

        private Use(CUDAStream stream) {
            try (Stream plain = stream.unwrap()) {
                guard = new CUDAStreamGuard(plain);
            }
        }

        /** Returns the thread to the stream that it used before. */
        @Override
        public void close() {
            guard.close();
        }
    }

    /**
     * Lets the current thread start its kernels on this stream.
     *
     * @return closed by the same thread
     */
    public Use enter() {
        return new Use(stream);
    }

    /** Waits until all kernels of the stream have run. */
    public void synchronize() {
        stream.synchronize();
    }

    /** Leaves the stream to the next user; a second call does nothing. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        stream.synchronize();
        synchronized (UNUSED) {
            UNUSED.computeIfAbsent(device, first -> new ArrayDeque<>()).push(stream);
        }
    }
}
