package io.github.hiera4j.api.internal;

import io.github.hiera4j.model.OutOfMemoryException;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/** The memory of chunks: a limited number of tensors that are reused. Not thread-safe: its owner locks. */
final class ChunkPool {
    private final Shape chunkShape;
    private final Deque<HostTensor> free = new ArrayDeque<>();

    /** The whole memory of chunks that occupy only a part of it. */
    private final IdentityHashMap<HostTensor, HostTensor> whole = new IdentityHashMap<>();

    private int inUse;
    private int most;

    /** @param memoryBytes for all chunks together; one chunk is always allowed */
    ChunkPool(Shape chunkShape, long memoryBytes) {
        this.chunkShape = chunkShape;
        long chunkBytes = chunkShape.elements() * Float.BYTES;
        this.most = (int) Math.max(1, Math.min(Integer.MAX_VALUE, memoryBytes / chunkBytes));
    }

    boolean isFull() {
        return inUse >= most;
    }

    /**
     * Returns memory for a chunk; null if there is none and the chunk can wait.
     *
     * @param awaited whether the consumer waits for this chunk, which then does not count against the limit
     */
    @Nullable
    HostTensor take(boolean awaited) {
        HostTensor memory = free.isEmpty() ? allocate(awaited) : free.remove();
        inUse += memory == null ? 0 : 1;
        return memory;
    }

    private @Nullable HostTensor allocate(boolean awaited) {
        try {
            return HostTensor.allocate(DType.FLOAT32, chunkShape);
        } catch (OutOfMemoryError full) {
            if (awaited && inUse == 0) {
                throw new OutOfMemoryException(
                        "not enough direct memory for " + chunkShape + " float32 values: raise -XX:MaxDirectMemorySize",
                        full);
            }
            most = Math.max(1, inUse);
            return null;
        }
    }

    /** Records that a chunk occupies a part of the memory that was taken for it. */
    void filled(HostTensor chunk, HostTensor memory) {
        if (chunk != memory) {
            whole.put(chunk, memory);
        }
    }

    /** Takes back a chunk, or memory that no chunk was read into. */
    void release(HostTensor chunk) {
        inUse--;
        HostTensor memory = whole.remove(chunk);
        free.add(memory == null ? chunk : memory);
    }

    /** Frees the memory that is not in use. */
    void clear() {
        free.clear();
    }
}
