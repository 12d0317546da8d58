package io.github.hiera4j.api.segment;

import io.github.hiera4j.model.mask.RunLengthMask;
import java.util.Arrays;

/** The holes and islands of a mask. Pixels that touch at a side or a corner belong to the same region. */
final class SmallRegions {
    private final int height;
    private final int width;
    private final byte[] pixels;
    private final int[] queue;
    private final byte[] seen;

    private SmallRegions(RunLengthMask mask) {
        height = mask.height();
        width = mask.width();
        pixels = mask.pixels();
        queue = new int[pixels.length];
        seen = new byte[pixels.length];
    }

    /** Fills holes with fewer than {@code least} pixels, then removes such islands; if all islands are small, the largest is kept. */
    static RunLengthMask removed(RunLengthMask mask, int least) {
        SmallRegions regions = new SmallRegions(mask);
        boolean changed = regions.flip((byte) 0, least, false);
        changed |= regions.flip((byte) 1, least, true);
        return changed ? RunLengthMask.ofPixels(mask.height(), mask.width(), regions.pixels) : mask;
    }

    /** Changes small regions of a value to the other value. */
    private boolean flip(byte value, int least, boolean keepsLargest) {
        Arrays.fill(seen, (byte) 0);
        int largest = keepsLargest ? largest(value) : 0;
        int limit = keepsLargest && largest < least ? largest : least;
        Arrays.fill(seen, (byte) 0);
        boolean changed = false;
        for (int start = 0; start < pixels.length; start++) {
            if (pixels[start] == value && seen[start] == 0) {
                int size = flood(start, value);
                if (size < limit) {
                    for (int i = 0; i < size; i++) {
                        pixels[queue[i]] = (byte) (1 - value);
                    }
                    changed = true;
                }
            }
        }
        return changed;
    }

    private int largest(byte value) {
        int largest = 0;
        for (int start = 0; start < pixels.length; start++) {
            if (pixels[start] == value && seen[start] == 0) {
                largest = Math.max(largest, flood(start, value));
            }
        }
        return largest;
    }

    /** Collects the region of a pixel in the queue and returns its size. */
    private int flood(int start, byte value) {
        int size = 0;
        queue[size++] = start;
        seen[start] = 1;
        for (int next = 0; next < size; next++) {
            int x = queue[next] % width;
            int y = queue[next] / width;
            for (int dy = -1; dy <= 1; dy++) {
                for (int dx = -1; dx <= 1; dx++) {
                    int nx = x + dx;
                    int ny = y + dy;
                    if (nx >= 0 && nx < width && ny >= 0 && ny < height) {
                        int at = ny * width + nx;
                        if (pixels[at] == value && seen[at] == 0) {
                            seen[at] = 1;
                            queue[size++] = at;
                        }
                    }
                }
            }
        }
        return size;
    }
}
