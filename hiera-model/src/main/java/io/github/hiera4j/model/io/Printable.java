package io.github.hiera4j.model.io;

/** Makes text from untrusted files suitable for a one-line message. */
public final class Printable {
    private static final int LONGEST = 120;
    private static final int LONGEST_MESSAGE = 1500;

    private Printable() {}

    /**
     * {@return a name or a value: control characters are replaced, and long text is shortened to 120 characters}
     *
     * @param text anything; its {@code toString} is shown
     */
    public static String of(Object text) {
        return clean(String.valueOf(text), LONGEST);
    }

    /**
     * {@return the first line of a whole message: control characters are replaced, and at most 1500 characters are kept}
     *
     * @param text the text
     */
    public static String message(String text) {
        int end = 0;
        while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
            end++;
        }
        return clean(text.substring(0, Math.min(end, LONGEST_MESSAGE + 1)), LONGEST_MESSAGE);
    }

    private static String clean(String text, int longest) {
        boolean shortened = text.length() > longest;
        if (!shortened && isPlain(text)) {
            return text;
        }
        StringBuilder clean = new StringBuilder();
        text.codePoints()
                .limit(longest)
                .map(point -> isUnfit(point) ? '?' : point)
                .forEach(clean::appendCodePoint);
        return shortened ? clean + "…" : clean.toString();
    }

    /** Returns whether all characters are printable ASCII, as in the names of weights; such text needs no copy. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }

    /** Returns whether a character must be replaced: a control character, line separator, unpaired surrogate or change of text direction. */
    private static boolean isUnfit(int point) {
        boolean reverses = (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
        boolean separates = point == 0x2028 || point == 0x2029;
        return reverses
                || separates
                || Character.isISOControl(point)
                || !Character.isDefined(point)
                || Character.getType(point) == Character.SURROGATE;
    }
}
