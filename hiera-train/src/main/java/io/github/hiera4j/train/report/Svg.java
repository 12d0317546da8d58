package io.github.hiera4j.train.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Small vector pictures for the report: curves and the confusion matrix. */
final class Svg {
    private static final int WIDTH = 460;
    private static final int HEIGHT = 240;
    private static final int LEFT = 52;
    private static final int BOTTOM = 28;
    private static final int TOP = 12;
    private static final String[] COLOURS = {"#2a6fb0", "#c2552d", "#3b8d5a", "#7b5ea7"};

    private Svg() {}

    /** Curves over steps in one frame; each point is {step, value}. */
    static String curves(Map<String, List<double[]>> curves) {
        double right = 1;
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (List<double[]> curve : curves.values()) {
            for (double[] point : curve) {
                right = Math.max(right, point[0]);
                low = Math.min(low, point[1]);
                high = Math.max(high, point[1]);
            }
        }
        if (!(high > low)) {
            high = low + 1;
        }
        StringBuilder svg = new StringBuilder();
        svg.append(format("<svg viewBox='0 0 %d %d' role='img'>", WIDTH, HEIGHT + BOTTOM + TOP));
        for (int line = 0; line <= 4; line++) {
            double y = TOP + HEIGHT * line / 4.0;
            svg.append(format("<line x1='%d' x2='%d' y1='%.1f' y2='%.1f' class='grid'/>", LEFT, WIDTH, y, y));
            svg.append(format(
                    "<text x='%d' y='%.1f' text-anchor='end'>%s</text>",
                    LEFT - 6, y + 4, tick(high - (high - low) * line / 4, high - low)));
        }
        svg.append(format("<text x='%d' y='%d'>0</text>", LEFT, HEIGHT + TOP + 18));
        svg.append(format("<text x='%d' y='%d' text-anchor='end'>step %.0f</text>", WIDTH, HEIGHT + TOP + 18, right));
        int number = 0;
        for (Map.Entry<String, List<double[]>> curve : curves.entrySet()) {
            String colour = COLOURS[number % COLOURS.length];
            svg.append("<polyline fill='none' stroke-width='2' stroke='")
                    .append(colour)
                    .append("' points='");
            for (double[] point : curve.getValue()) {
                svg.append(format(
                        "%.1f,%.1f ",
                        LEFT + (WIDTH - LEFT) * point[0] / right, TOP + HEIGHT * (high - point[1]) / (high - low)));
            }
            svg.append(format(
                    "'/><text x='%d' y='%d' text-anchor='end' style='fill:%s'>%s</text>",
                    WIDTH - 4, TOP + 16 + 16 * number, colour, Html.escape(curve.getKey())));
            number++;
        }
        return svg.append("</svg>").toString();
    }

    /** A table of counts, rows true and columns predicted classes. */
    static String confusion(int[][] matrix, List<String> names) {
        int cell = Math.max(14, Math.min(34, 420 / Math.max(1, matrix.length)));
        int label = 110;
        int size = label + cell * matrix.length;
        StringBuilder svg = new StringBuilder(
                format("<svg viewBox='0 0 %d %d' role='img'>", size + label / 2, size + 4)); // the last name leans out
        for (int row = 0; row < matrix.length; row++) {
            int total = Math.max(1, java.util.Arrays.stream(matrix[row]).sum());
            svg.append(format(
                    "<text x='%d' y='%d' text-anchor='end'>%s</text>",
                    label - 6, label + row * cell + cell / 2 + 4, Html.escape(names.get(row))));
            svg.append(format(
                    "<text transform='translate(%d %d) rotate(-60)'>%s</text>",
                    label + row * cell + cell / 2, label - 6, Html.escape(names.get(row))));
            for (int column = 0; column < matrix.length; column++) {
                int count = matrix[row][column];
                double share = (double) count / total;
                String colour = row == column ? "42,111,176" : "194,85,45";
                svg.append(format(
                        "<rect x='%d' y='%d' width='%d' height='%d' fill='rgba(%s,%.2f)' stroke='#ddd'/>",
                        label + column * cell, label + row * cell, cell, cell, colour, share));
                if (count > 0) {
                    svg.append(format(
                            "<text x='%d' y='%d' text-anchor='middle' style='%s'>%d</text>",
                            label + column * cell + cell / 2,
                            label + row * cell + cell / 2 + 4,
                            share > 0.6 ? "fill:#fff" : "",
                            count));
                }
            }
        }
        return svg.append("</svg>").toString();
    }

    /** Three digits, or 0 for what is nothing beside the range. */
    private static String tick(double value, double range) {
        return Math.abs(value) < 1e-3 * range ? "0" : format("%.3g", value);
    }

    private static String format(String pattern, Object... arguments) {
        return String.format(Locale.ROOT, pattern, arguments);
    }
}
