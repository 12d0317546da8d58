package io.github.hiera4j.onednn.layers;

import io.github.hiera4j.onednn.plan.HostStep;
import io.github.hiera4j.onednn.plan.View;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Copies between two views of the same sizes and type, in runs of bytes that are contiguous on both sides.
 *
 * <p>Unrolling and rerolling move whole tokens: a run is the channels of a token, and copying runs reaches memory bandwidth. oneDNN's own
 * reorder falls back to single elements beyond seven axes.
 */
public final class RowCopy {
    private RowCopy() {}

    static HostStep step(String node, String kind, View source, View destination) {
        int width = source.type().bytes();
        int axes = source.rank();
        long run = 1;
        while (axes > 0 && continues(source, axes - 1, run) && continues(destination, axes - 1, run)) {
            run *= source.size(axes - 1);
            axes--;
        }
        int runBytes = Math.toIntExact(run * width);
        int[] from = starts(source, axes);
        int[] to = starts(destination, axes);
        return new HostStep(
                node, kind, List.of(source, destination), bytes -> copy(bytes[0], bytes[1], from, to, runBytes));
    }

    /** Returns whether each entry of an axis directly follows the {@code run} elements of the previous entry. */
    private static boolean continues(View view, int axis, long run) {
        return view.size(axis) == 1 || view.strides()[axis] == run;
    }

    private static void copy(ByteBuffer source, ByteBuffer destination, int[] from, int[] to, int runBytes) {
        switch (runBytes) {
            case 2 -> {
                for (int i = 0; i < from.length; i++) {
                    destination.putShort(to[i], source.getShort(from[i]));
                }
            }
            case 4 -> {
                for (int i = 0; i < from.length; i++) {
                    destination.putInt(to[i], source.getInt(from[i]));
                }
            }
            default -> {
                for (int i = 0; i < from.length; i++) {
                    destination.put(to[i], source, from[i], runBytes);
                }
            }
        }
    }

    /** The byte position of every entry of the leading axes, in row-major order, from the view's first element. */
    private static int[] starts(View view, int axes) {
        List<long[]> sizesAndStrides = new ArrayList<>();
        int count = 1;
        for (int axis = 0; axis < axes; axis++) {
            sizesAndStrides.add(new long[] {view.size(axis), view.strides()[axis]});
            count = Math.multiplyExact(count, Math.toIntExact(view.size(axis)));
        }
        int[] starts = new int[count];
        for (int entry = 0; entry < count; entry++) {
            long rest = entry;
            long position = 0;
            for (int axis = axes - 1; axis >= 0; axis--) {
                long[] sizeAndStride = sizesAndStrides.get(axis);
                position += rest % sizeAndStride[0] * sizeAndStride[1];
                rest /= sizeAndStride[0];
            }
            starts[entry] = Math.toIntExact(position * view.type().bytes());
        }
        return starts;
    }
}
