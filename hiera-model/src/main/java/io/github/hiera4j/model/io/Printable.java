package io.github.hiera4j.model.io;

/** Text from an untrusted file, made fit for a one-line message. */
public final class Printable {
    private static final int LONGEST = 120;

    private Printable() {}

    /** The text with control characters replaced, shortened where it is long. */
    public static String of(Object text) {
        String string = String.valueOf(text);
        boolean shortened = string.length() > LONGEST;
        StringBuilder clean = new StringBuilder();
        string.codePoints()
                .limit(LONGEST)
                .map(point -> Character.isISOControl(point) || !Character.isDefined(point) ? '?' : point)
                .forEach(clean::appendCodePoint);
        return shortened ? clean + "…" : clean.toString();
    }
}
