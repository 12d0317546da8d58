package io.github.hiera4j.onednn.plan;

import io.github.hiera4j.onednn.primitive.Buffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Assigns every buffer of a plan a position in one block, so that buffers which live at the same time do not overlap.
 *
 * <p>Greedy by size: the largest first, each at the lowest gap that fits. For chains of layers this comes within a few percent
 * of the largest sum of live bytes, which no plan can beat.
 */
public final class ArenaPlanner {
    private static final long ALIGNMENT = 64;

    private ArenaPlanner() {}

    /** Places the buffers and returns the bytes of the whole block. */
    static long plan(Collection<Buffer> buffers) {
        List<Buffer> bySize = new ArrayList<>(buffers);
        bySize.sort(Comparator.comparingLong(Buffer::bytes).reversed());
        List<Buffer> placed = new ArrayList<>(); // by offset
        long end = 0;
        for (Buffer buffer : bySize) {
            long offset = lowestGap(buffer, placed);
            buffer.place(offset);
            end = Math.max(end, offset + aligned(buffer.bytes()));
            placed.add(buffer);
            placed.sort(Comparator.comparingLong(Buffer::arenaOffset));
        }
        return end;
    }

    private static long lowestGap(Buffer buffer, List<Buffer> placed) {
        long offset = 0;
        for (Buffer other : placed) {
            if (!buffer.livesBeside(other)) {
                continue;
            }
            if (offset + aligned(buffer.bytes()) <= other.arenaOffset()) {
                break;
            }
            offset = Math.max(offset, other.arenaOffset() + aligned(other.bytes()));
        }
        return offset;
    }

    private static long aligned(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
