package io.github.hiera4j.model.mask;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import java.util.List;

/** Set operations on run-length masks, by merging runs; no pixels are decoded. */
public final class MaskOperations {
    private MaskOperations() {}

    /**
     * {@return the union of masks of the same size}
     *
     * @param masks masks of one size
     * @throws HieraException if there is no mask, or the sizes differ
     */
    public static RunLengthMask union(List<RunLengthMask> masks) {
        check(!masks.isEmpty(), "expected at least one mask, got none");
        RunLengthMask result = masks.get(0);
        for (RunLengthMask mask : masks.subList(1, masks.size())) {
            result = union(result, mask);
        }
        return result;
    }

    private static RunLengthMask union(RunLengthMask first, RunLengthMask second) {
        check(
                sameSize(first, second),
                "expected masks of the same size, got %d × %d and %d × %d",
                first.height(),
                first.width(),
                second.height(),
                second.width());
        int[] a = first.sharedRuns();
        int[] b = second.sharedRuns();
        RunBuilder merged = new RunBuilder();
        int i = 0;
        int j = 0;
        int restA = a.length > 0 ? a[0] : 0;
        int restB = b.length > 0 ? b[0] : 0;
        while (i < a.length && j < b.length) {
            int step = Math.min(restA, restB);
            merged.append(i % 2 == 1 || j % 2 == 1, step);
            restA -= step;
            restB -= step;
            if (restA == 0 && ++i < a.length) {
                restA = a[i];
            }
            if (restB == 0 && ++j < b.length) {
                restB = b[j];
            }
        }
        return RunLengthMask.trusted(first.height(), first.width(), merged.toArray());
    }

    /**
     * {@return the number of pixels that are foreground in both masks; the masks must have the same size}
     *
     * @param first a mask
     * @param second a mask of the same size
     */
    public static long intersection(RunLengthMask first, RunLengthMask second) {
        int[] a = first.sharedRuns();
        int[] b = second.sharedRuns();
        long both = 0;
        int i = 1;
        int j = 1;
        // Foreground runs as intervals [start, end) of column-major positions; both lists ascend.
        long startA = a.length > 0 ? a[0] : 0;
        long startB = b.length > 0 ? b[0] : 0;
        while (i < a.length && j < b.length) {
            long endA = startA + a[i];
            long endB = startB + b[j];
            long overlap = Math.min(endA, endB) - Math.max(startA, startB);
            if (overlap > 0) {
                both += overlap;
            }
            if (endA <= endB) {
                startA = i + 1 < a.length ? endA + a[i + 1] : endA;
                i += 2;
            } else {
                startB = j + 1 < b.length ? endB + b[j + 1] : endB;
                j += 2;
            }
        }
        return both;
    }

    /**
     * Returns the intersection over union, from 0 to 1.
     *
     * @param detection a mask
     * @param truth a mask of the same size
     * @param crowd whether to divide by the area of {@code detection} only, as COCO does for crowd regions
     * @return the ratio; -1 if the sizes differ, as in pycocotools
     */
    public static double iou(RunLengthMask detection, RunLengthMask truth, boolean crowd) {
        if (!sameSize(detection, truth)) {
            return -1;
        }
        long both = intersection(detection, truth);
        if (both == 0) {
            return 0;
        }
        long union = crowd ? detection.area() : detection.area() + truth.area() - both;
        return (double) both / union;
    }

    private static boolean sameSize(RunLengthMask first, RunLengthMask second) {
        return first.height() == second.height() && first.width() == second.width();
    }
}
