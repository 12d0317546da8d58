package io.github.hiera4j.train.recipe;

import java.util.Collection;
import java.util.Comparator;

/** Guesses what a mistyped name was meant to be. */
final class Nearest {
    private static final int LONGEST = 64;

    private Nearest() {}

    /** The candidate with the smallest edit distance; of long text only the start counts, because the time is quadratic. */
    static String to(String typed, Collection<String> candidates) {
        String start = typed.substring(0, Math.min(typed.length(), LONGEST));
        return candidates.stream()
                .min(Comparator.comparingInt(candidate -> distance(start, candidate)))
                .orElseThrow();
    }

    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
