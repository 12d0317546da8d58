package io.github.hiera4j.model.io;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Suggests names for a mistyped one. */
public final class Spelling {
    /** Of longer text only this many characters are compared, because the time is quadratic. */
    private static final int LONGEST = 64;

    private static final int SHORTEST_PREFIX = 3;
    private static final int MOST = 3;

    private Spelling() {}

    /**
     * Returns the only name that differs by one letter; otherwise up to three names that begin with the typed text; otherwise the most
     * similar name, if at most a third of it differs.
     *
     * @param typed any text
     * @param known the existing names, in order of preference
     * @return the suggestions; empty if no name is similar
     */
    public static List<String> near(String typed, Collection<String> known) {
        String start = typed.substring(0, Math.min(typed.length(), LONGEST));
        Optional<String> nearest = known.stream()
                .filter(name -> distance(start, name) <= Math.max(1, name.length() / 3))
                .min(Comparator.comparingInt(name -> distance(start, name)));
        boolean slip = nearest.isPresent() && distance(start, nearest.get()) <= 1;
        List<String> longer = known.stream()
                .filter(name -> name.startsWith(start))
                .limit(MOST)
                .toList();
        if (!slip && start.length() >= SHORTEST_PREFIX && !longer.isEmpty()) {
            return longer;
        }
        return nearest.map(List::of).orElse(List.of());
    }

    /**
     * Returns {@code "; did you mean 'classify'?"}, or an empty string if no name is similar.
     *
     * @param typed what the user typed
     * @param known the existing names
     * @return the text
     */
    public static String suggestion(String typed, Collection<String> known) {
        List<String> near = near(typed, known);
        return near.isEmpty()
                ? ""
                : near.stream()
                        .map(name -> "'" + name + "'")
                        .collect(Collectors.joining(" or ", "; did you mean ", "?"));
    }

    /** Returns the number of insertions, deletions, replacements and swaps of neighbours between two words (Damerau and Levenshtein). */
    static int distance(String a, String b) {
        int[][] table = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    table[i][j] = i + j;
                    continue;
                }
                int replaced = table[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                table[i][j] = Math.min(replaced, Math.min(table[i - 1][j], table[i][j - 1]) + 1);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    table[i][j] = Math.min(table[i][j], table[i - 2][j - 2] + 1);
                }
            }
        }
        return table[a.length()][b.length()];
    }
}
