package io.github.hiera4j.train.metrics;

import java.util.Locale;
import java.util.Map;

/** Formats fractions for people as percentages. In JSON and comma-separated values, fractions are numbers from 0 to 1. */
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
     * Formats a fraction as {@code 93.1 %}, or as {@code -} if it is undefined, such as the precision of a class without ground truth.
     *
     * @param share 0 to 1, or negative or NaN if undefined
     * @return the text
     */
    public static String of(double share) {
        return share >= 0 ? String.format(Locale.ROOT, "%.1f %%", 100 * share) : "-";
    }

    /**
     * Formats a figure of an evaluation: accuracies and precisions as percentages, others with four decimals.
     *
     * @param name the figure's name in {@code metrics.jsonl}
     * @param value its value
     * @return the text
     */
    public static String figure(String name, double value) {
        return isShare(name) ? of(value) : String.format(Locale.ROOT, "%.4f", value);
    }

    /**
     * {@return whether a figure is a fraction, from 0 to 1}
     *
     * @param name the figure's name in {@code metrics.jsonl}
     */
    public static boolean isShare(String name) {
        return SHARES.containsKey(name);
    }

    /**
     * {@return the display name of a figure}
     *
     * @param name the figure's name in {@code metrics.jsonl}
     */
    public static String title(String name) {
        return SHARES.getOrDefault(name, name);
    }
}
