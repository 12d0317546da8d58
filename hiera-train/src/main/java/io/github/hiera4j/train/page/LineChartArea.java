package io.github.hiera4j.train.page;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;

/** The part of a {@link LineChart} that shows axes and curves. */
final class LineChartArea {
    static final int WIDTH = 400;
    static final int HEIGHT = 236;
    private static final int TOP = 10;
    private static final int BOTTOM = 44;
    private static final int RIGHT = 10;
    private static final int MOST_MARKED = 40;
    private static final int MOST_POINTS = 600;
    private static final double DIGIT = 7.3; // width of a digit at 13 pixels

    private final LineChart.Horizontal across;
    private final Axis values;
    private final Axis steps;
    private final DoubleFunction<String> text;
    private final int left;

    /**
     * Creates the area, with space for the labels of the values.
     *
     * @param across the horizontal axis
     * @param values the vertical axis
     * @param steps the horizontal axis with its ticks
     * @param text formats a value with its unit
     */
    LineChartArea(LineChart.Horizontal across, Axis values, Axis steps, DoubleFunction<String> text) {
        this.across = across;
        this.values = values;
        this.steps = steps;
        this.text = text;
        int longest = values.ticks().stream()
                .mapToInt(tick -> values.label(tick).length())
                .max()
                .orElse(1);
        left = (int) (longest * DIGIT) + 10;
    }

    private double x(double step) {
        return left + 6 + steps.place(step) * (WIDTH - RIGHT - left - 6);
    }

    private double y(double value) {
        return HEIGHT - BOTTOM - values.place(value) * (HEIGHT - BOTTOM - TOP);
    }

    /** Draws the lines, ticks and labels of both axes. */
    void grid(StringBuilder out) {
        for (double tick : values.ticks()) {
            double y = y(tick);
            out.append(Markup.format(
                    "<line class='grid' x1='%d' x2='%d' y1='%.1f' y2='%.1f'/>"
                            + "<text x='%d' y='%.1f' text-anchor='end'>%s</text>",
                    left, WIDTH, y, y, left - 5, y + 4.5, values.label(tick)));
        }
        double base = HEIGHT - BOTTOM;
        out.append(Markup.format("<line class='axis' x1='%d' x2='%d' y1='%.1f' y2='%.1f'/>", left, WIDTH, base, base));
        for (double tick : steps.ticks()) {
            String label = across.isWhole() ? Markup.format("%.0f", tick) : steps.label(tick);
            double half = label.length() * DIGIT / 2;
            double x = x(tick);
            out.append(Markup.format(
                    "<line class='axis' x1='%.1f' x2='%.1f' y1='%.1f' y2='%.1f'/>"
                            + "<text x='%.1f' y='%.1f' text-anchor='middle'>%s</text>",
                    x, x, base, base + 4, Math.min(x, WIDTH - half - 1), base + 18, label));
        }
        out.append(Markup.format(
                "<text x='%d' y='%d' text-anchor='middle'>%s</text>",
                (left + WIDTH) / 2, HEIGHT - 6, Markup.escape(across.name())));
    }

    /** Draws a curve; few points are marked, each with its values as a title. */
    void curve(StringBuilder out, LineChart.Series curve, int number) {
        List<double[]> points = curve.points();
        if (points.size() > 1) {
            out.append(Markup.format("<polyline class='s%d' points='", number));
            for (double[] point : thinned(points)) {
                out.append(Markup.format("%.1f,%.1f ", x(point[0]), y(point[1])));
            }
            out.append("'/>");
        }
        if (points.size() <= MOST_MARKED) {
            double radius = points.size() == 1 ? 5 : 3;
            for (double[] point : points) {
                String title = Markup.format(
                        "<title>%s %s: %s</title>",
                        Markup.escape(curve.name()),
                        Markup.escape(across.at(point[0])),
                        Markup.escape(text.apply(point[1])));
                out.append(marker(number, x(point[0]), y(point[1]), radius, title));
            }
        }
    }

    /** Returns a circle, square or triangle by the number of the curve, so that curves differ without colours too. */
    static String marker(int number, double x, double y, double radius, String content) {
        String shape = "class='s" + number + "'";
        return switch ((number - 1) % 3 + 1) {
            case 1 ->
                Markup.format("<circle %s cx='%.1f' cy='%.1f' r='%.1f'>%s</circle>", shape, x, y, radius, content);
            case 2 ->
                Markup.format(
                        "<rect %s x='%.1f' y='%.1f' width='%.1f' height='%.1f'>%s</rect>",
                        shape, x - radius, y - radius, 2 * radius, 2 * radius, content);
            default ->
                Markup.format(
                        "<path %s d='M%.1f %.1fl%.1f %.1fh%.1fz'>%s</path>",
                        shape, x, y - radius, radius, 2 * radius, -2 * radius, content);
        };
    }

    /** Keeps the lowest and the highest point of every section, at most 600 in total, so that no peak is lost. */
    private static List<double[]> thinned(List<double[]> points) {
        if (points.size() <= MOST_POINTS) {
            return points;
        }
        List<double[]> kept = new ArrayList<>();
        int stretches = MOST_POINTS / 2;
        for (int stretch = 0; stretch < stretches; stretch++) {
            int from = (int) ((long) stretch * points.size() / stretches);
            int to = (int) ((long) (stretch + 1) * points.size() / stretches);
            int low = from;
            int high = from;
            for (int i = from; i < to; i++) {
                low = points.get(i)[1] < points.get(low)[1] ? i : low;
                high = points.get(i)[1] > points.get(high)[1] ? i : high;
            }
            kept.add(points.get(Math.min(low, high)));
            if (low != high) {
                kept.add(points.get(Math.max(low, high)));
            }
        }
        return kept;
    }
}
