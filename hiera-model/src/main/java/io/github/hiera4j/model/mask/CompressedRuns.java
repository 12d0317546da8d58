package io.github.hiera4j.model.mask;

import static io.github.hiera4j.model.Check.check;

import java.util.Arrays;

/**
 * COCO's compressed run lengths: from the fourth run on, a run is stored as the difference to the run two places before it. Numbers are written in
 * groups of five bits, least significant first, with a continuation bit, as characters from {@code '0'} to {@code 'o'}.
 */
final class CompressedRuns {
    private static final int FIRST_CHARACTER = 48;
    private static final int CONTINUES = 0x20;
    private static final int SIGN = 0x10;
    private static final int MOST_GROUPS = 7;

    private CompressedRuns() {}

    static String encode(int[] runs) {
        StringBuilder text = new StringBuilder(runs.length * 2);
        for (int i = 0; i < runs.length; i++) {
            int number = i > 2 ? runs[i] - runs[i - 2] : runs[i];
            boolean more = true;
            while (more) {
                int group = number & 0x1f;
                number >>= 5;
                more = (group & SIGN) != 0 ? number != -1 : number != 0;
                text.append((char) (FIRST_CHARACTER + (more ? group | CONTINUES : group)));
            }
        }
        return text.toString();
    }

    /** @param pixels the sum that the runs must not exceed; checked while decoding, so that memory stays bounded by the text */
    static int[] decode(String text, long pixels) {
        int[] runs = new int[Math.max(1, text.length())];
        int count = 0;
        int at = 0;
        long sum = 0;
        while (at < text.length()) {
            long number = 0;
            int groups = 0;
            int group;
            do {
                check(at < text.length(), "the compressed mask ends inside a number, at character %d", at);
                group = text.charAt(at) - FIRST_CHARACTER;
                check(
                        group >= 0 && group < 64,
                        "the compressed mask contains a character outside '0' to 'o' at position %d",
                        at);
                check(groups < MOST_GROUPS, "the compressed mask contains a number beyond 32 bits at position %d", at);
                number |= (long) (group & 0x1f) << (5 * groups++);
                at++;
            } while ((group & CONTINUES) != 0);
            if ((group & SIGN) != 0) {
                number |= -1L << (5 * groups);
            }
            if (count > 2) {
                number += runs[count - 2];
            }
            sum += number;
            check(
                    number >= 0 && sum <= pixels,
                    "expected run lengths of at least 0 that add up to %d, got a run of %d as number %d",
                    pixels,
                    number,
                    count);
            runs[count++] = (int) number;
        }
        return Arrays.copyOf(runs, count);
    }
}
