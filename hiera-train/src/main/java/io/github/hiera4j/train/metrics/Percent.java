package io.github.hiera4j.train.metrics;

import java.util.Locale;
import java.util.Map;

/** Shares as people read them. In JSON and comma-separated values, shares are numbers from 0 to 1. */
public final class Percent {
    private static final Map<String, String> SHARES = Map.of(
            "top1", "top-1",
            "top5", "top-5",
            "frame_map", "frame mAP",
            "box_ap", "box AP",
            "box_ap50", "box AP50",
            "box_ap75", "box AP75",
            "mask_ap", "mask AP",
            "mask_ap50", "mask AP50",
            "mask_ap75", "mask AP75");

    private Percent() {}

    /**
     * {@code 93.1 %}; {@code -} where there is no share, such as the precision of a class without ground truth.
     *
     * @param share 0 to 1, or negative or NaN where there is none
     * @return the text
     */
    public static String of(double share) {
        return share >= 0 ? String.format(Locale.ROOT, "%.1f %%", 100 * share) : "-";
    }

    /**
     * A figure of an evaluation: accuracies and precisions as percentages, others with four decimals.
     *
     * @param name the figure's name in {@code metrics.jsonl}
     * @param value its value
     * @return the text
     */
    public static String figure(String name, double value) {
        return isShare(name) ? of(value) : String.format(Locale.ROOT, "%.4f", value);
    }

    /**
     * {@return whether a figure is a share, from 0 to 1}
     *
     * @param name the figure's name in {@code metrics.jsonl}
     */
    public static boolean isShare(String name) {
        return SHARES.containsKey(name);
    }

    /**
     * {@return the name of a figure as people write it}
     *
     * @param name the figure's name in {@code metrics.jsonl}
     */
    public static String title(String name) {
        return SHARES.getOrDefault(name, name);
    }
}
