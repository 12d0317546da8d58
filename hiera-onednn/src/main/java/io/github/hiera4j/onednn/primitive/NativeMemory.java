package io.github.hiera4j.onednn.primitive;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.OutOfMemoryException;
import io.github.hiera4j.natives.NativeDefaults;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** A block of native memory, aligned to a cache line and counted until it is closed. */
public final class NativeMemory implements AutoCloseable {
    private static final int ALIGNMENT = 64;
    private static final AtomicLong LIVE = new AtomicLong();

    static {
        NativeDefaults.apply();
    }

    private final Pointer allocated;
    private final BytePointer start;
    private final long bytes;
    private boolean open = true;

    /** A block of zeros. */
    public NativeMemory(long bytes) {
        this(bytes, true);
    }

    private NativeMemory(long bytes, boolean zeros) {
        this.bytes = bytes;
        Pointer block = Pointer.malloc(bytes + ALIGNMENT);
        if (block == null || block.isNull()) {
            throw new OutOfMemoryException("out of memory: could not allocate " + (bytes >> 20)
                    + " MiB of native memory; use a smaller batch or bfloat16");
        }
        this.allocated = block;
        long misaligned = block.address() % ALIGNMENT;
        this.start = new BytePointer(block).getPointer(misaligned == 0 ? 0 : ALIGNMENT - misaligned);
        if (zeros) {
            Pointer.memset(start, 0, bytes);
        }
        LIVE.addAndGet(bytes);
    }

    /** A block whose contents are undefined: the caller writes every byte before anything reads it. */
    public static NativeMemory undefined(long bytes) {
        return new NativeMemory(bytes, false);
    }

    /** Bytes of all blocks that are not closed, in the whole process. */
    public static long liveBytes() {
        return LIVE.get();
    }

    public long bytes() {
        return bytes;
    }

    public Pointer at(long offset) {
        return start.getPointer(offset);
    }

    /** A view of a part, of at most 2 GiB; valid while this block is open. */
    public ByteBuffer buffer(long offset, long size) {
        if (size > Integer.MAX_VALUE) {
            throw new HieraException("a tensor of " + size + " bytes is larger than 2 GiB: use a smaller batch");
        }
        BytePointer part = start.getPointer(offset);
        return part.limit(size).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            Pointer.free(allocated);
            LIVE.addAndGet(-bytes);
        }
    }
}
