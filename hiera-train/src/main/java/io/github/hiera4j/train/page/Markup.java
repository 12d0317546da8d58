package io.github.hiera4j.train.page;

import java.util.Locale;

/** Text and numbers as they are written into markup. */
final class Markup {
    private Markup() {}

    /** Text with everything replaced that HTML would interpret, and without control characters. */
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

    /** The first characters of a text, with an ellipsis where it is longer. */
    static String shortened(String text, int longest) {
        int length = text.codePointCount(0, text.length());
        return length <= longest ? text : text.substring(0, text.offsetByCodePoints(0, longest - 1)) + "…";
    }

    /** Start of a drawing that screen readers announce with a name and a description. */
    static String svg(String attributes, String title, String description) {
        return "<svg role='img' " + attributes + "><title>" + escape(title) + "</title><desc>" + escape(description)
                + "</desc>";
    }
}
