package io.github.hiera4j.bench.chart;

import io.github.hiera4j.model.io.AtomicFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/** A drawing under construction: white background, dark text, colours that colour-blind readers can distinguish. */
final class Svg {
    private static final String[] COLOURS = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"};

    private final StringBuilder text = new StringBuilder();

    Svg(int width, int height, String title) {
        add(
                "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' width='%d' height='%d' role='img'"
                        + " font-family='sans-serif' font-size='13' fill='#222'><title>%s</title>"
                        + "<rect width='%d' height='%d' fill='white'/>",
                width, height, width, height, escape(title), width, height);
        text(16, 24, "start", title);
    }

    static String colour(int series) {
        return COLOURS[series % COLOURS.length];
    }

    void add(String pattern, Object... values) {
        text.append(String.format(Locale.ROOT, pattern, values)).append('\n');
    }

    void text(double x, double y, String anchor, String content) {
        add("<text x='%.1f' y='%.1f' text-anchor='%s'>%s</text>", x, y, anchor, escape(content));
    }

    void line(double x1, double y1, double x2, double y2, String colour) {
        add("<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' stroke='%s'/>", x1, y1, x2, y2, colour);
    }

    /** Draws a legend with a coloured square and a name for each series, from the left. */
    void legend(int x, int y, Iterable<String> names) {
        int left = x;
        int number = 0;
        for (String name : names) {
            add("<rect x='%d' y='%d' width='12' height='12' fill='%s'/>", left, y - 11, colour(number++));
            text(left + 18.0, y, "start", name);
            left += 38 + 8 * name.length();
        }
    }

    String end() {
        return text + "</svg>\n";
    }

    static void write(String drawing, Path file) {
        ByteBuffer bytes = ByteBuffer.wrap(drawing.getBytes(StandardCharsets.UTF_8));
        AtomicFile.write(file, channel -> {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }

    /** Replaces characters that XML would interpret, and control characters. */
    static String escape(String content) {
        StringBuilder escaped = new StringBuilder();
        content.codePoints().forEach(point -> {
            switch (point) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(Character.isISOControl(point) ? ' ' : point);
            }
        });
        return escaped.toString();
    }
}
