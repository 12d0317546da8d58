package io.github.hiera4j.train.page;

import java.util.Locale;

/** Formats text and numbers for markup. */
final class Markup {
    private Markup() {}

    /** Escapes everything that HTML would interpret, and removes control characters. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(point -> {
            switch (point) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '\'' -> escaped.append("&#39;");
                case '"' -> escaped.append("&quot;");
                default -> escaped.appendCodePoint(Character.isISOControl(point) ? ' ' : point);
            }
        });
        return escaped.toString();
    }

    static String format(String pattern, Object... arguments) {
        return String.format(Locale.ROOT, pattern, arguments);
    }

    /** Returns the first characters of a text, with an ellipsis if it is longer. */
    static String shortened(String text, int longest) {
        int length = text.codePointCount(0, text.length());
        return length <= longest ? text : text.substring(0, text.offsetByCodePoints(0, longest - 1)) + "…";
    }

    /** Returns the start tag of a drawing that screen readers announce with a name and a description. */
    static String svg(String attributes, String title, String description) {
        return "<svg role='img' " + attributes + "><title>" + escape(title) + "</title><desc>" + escape(description)
                + "</desc>";
    }
}
