package io.github.hiera4j.onednn.primitive;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A range of memory that a plan needs: a position in the arena from the step that first uses it to the last one, or a
 * constant that lives as long as the session.
 */
public final class Buffer {
    private final long bytes;
    private final @Nullable NativeMemory constant;
    private int firstStep = Integer.MAX_VALUE;
    private int lastStep = -1;
    private boolean pinned;
    private long arenaOffset = -1;

    private Buffer(long bytes, @Nullable NativeMemory constant) {
        this.bytes = bytes;
        this.constant = constant;
    }

    public static Buffer inArena(long bytes) {
        return new Buffer(bytes, null);
    }

    public static Buffer constant(NativeMemory memory) {
        return new Buffer(memory.bytes(), memory);
    }

    public long bytes() {
        return bytes;
    }

    public boolean isConstant() {
        return constant != null;
    }

    public NativeMemory memory() {
        return Objects.requireNonNull(constant);
    }

    /** Records that a step reads or writes this buffer. */
    public void touch(int step) {
        firstStep = Math.min(firstStep, step);
        lastStep = Math.max(lastStep, step);
    }

    /** Keeps the contents until the end of the run, because the caller reads them: no step may overwrite them. */
    public void pin() {
        pinned = true;
    }

    public boolean isPinned() {
        return pinned;
    }

    int firstStep() {
        return firstStep;
    }

    int lastStep() {
        return pinned ? Integer.MAX_VALUE : lastStep;
    }

    public boolean livesBeside(Buffer other) {
        return firstStep() <= other.lastStep() && other.firstStep() <= lastStep();
    }

    public long arenaOffset() {
        return arenaOffset;
    }

    public void place(long offset) {
        arenaOffset = offset;
    }
}
