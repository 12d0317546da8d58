package io.github.hiera4j.train.page;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Curves of one quantity over the steps of a training, or over another quantity.
 *
 * @param title the quantity
 * @param unit of the values, for example {@code %}; may be empty
 * @param limits values that the axis does not exceed, such as 0 and 100 for a percentage
 * @param note a remark below the chart; may be empty
 * @param series one to six curves
 * @param across the horizontal axis
 */
public record LineChart(String title, String unit, Limits limits, String note, List<Series> series, Horizontal across) {
    /**
     * The horizontal axis, which begins at 0.
     *
     * @param name of the quantity
     * @param most the value at its end; NaN: that of the last point
     * @param isWhole whether its values are whole numbers
     */
    public record Horizontal(String name, double most, boolean isWhole) {
        /** Steps of a training. */
        public static final Horizontal STEPS = new Horizontal("step", Double.NaN, true);

        /** The share of all objects that are found, from 0 to 1. */
        public static final Horizontal RECALL = new Horizontal("recall", 1, false);

        private Axis axis(double last) {
            return Axis.within(0, Double.isNaN(most) ? Math.max(1, last) : most, 5, isWhole ? 1 : 0);
        }

        private String at(double value) {
            return isWhole ? Markup.format("at %s %.0f", name, value) : Markup.format("at %s %.2f", name, value);
        }
    }

    /** The smallest and the greatest value that a quantity can have. */
    public record Limits(double least, double most) {
        /** Any number. */
        public static final Limits NONE = new Limits(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

        /** From 0 to 100. */
        public static final Limits PERCENT = new Limits(0, 100);
    }

    /**
     * A curve.
     *
     * @param name for the legend
     * @param points step (or another quantity) and value, ascending; values that are not finite are left out
     */
    public record Series(String name, List<double[]> points) {
        /**
         * Takes the values as they are.
         *
         * @param name for the legend
         * @param points step (or another quantity) and value, ascending; values that are not finite are left out
         */
        public Series {
            points = points.stream().filter(point -> Double.isFinite(point[1])).toList();
        }
    }

    /** The largest number of curves that remain distinguishable. */
    public static final int MOST_SERIES = 6;

    private static final int WIDTH = 400;
    private static final int HEIGHT = 236;
    private static final int TOP = 10;
    private static final int BOTTOM = 44;
    private static final int RIGHT = 10;
    private static final double DIGIT = 7.3; // width of a digit at 13 pixels
    private static final int MOST_TICKS = 6;
    private static final int MOST_MARKED = 40;
    private static final int MOST_POINTS = 600;

    /**
     * Takes the values as they are.
     *
     * @param title the quantity
     * @param unit of the values, for example {@code %}; may be empty
     * @param limits values that the axis does not exceed, such as 0 and 100 for a percentage
     * @param note a remark below the chart; may be empty
     * @param series one to six curves
     * @param across the horizontal axis
     */
    public LineChart {
        series = series.stream().filter(curve -> !curve.points().isEmpty()).toList();
    }

    /**
     * Curves over steps.
     *
     * @param title the quantity
     * @param unit of the values, for example {@code %}; may be empty
     * @param limits values that the axis does not exceed, such as 0 and 100 for a percentage
     * @param note a remark below the chart; may be empty
     * @param series one to six curves
     */
    public LineChart(String title, String unit, Limits limits, String note, List<Series> series) {
        this(title, unit, limits, note, series, Horizontal.STEPS);
    }

    /** {@return whether no curve has a point} */
    public boolean isEmpty() {
        return series.isEmpty();
    }

    /** The chart as a figure with a caption and a legend above the curves. */
    String markup() {
        Axis values = valueAxis();
        Axis steps = across.axis(points().mapToDouble(point -> point[0]).max().orElse(1));
        StringBuilder out = new StringBuilder("<figure><figcaption><span class='title'>")
                .append(Markup.escape(title))
                .append("</span>")
                .append(unit.isEmpty() && values.factor().isEmpty() ? "" : Markup.escape(" " + unit + values.factor()))
                .append(legend())
                .append("</figcaption>")
                .append(Markup.svg(Markup.format("viewBox='0 0 %d %d'", WIDTH, HEIGHT), title, description()));
        int left = (int) (values.ticks().stream()
                                .mapToInt(tick -> values.label(tick).length())
                                .max()
                                .orElse(1)
                        * DIGIT)
                + 10;
        Frame frame = new Frame(values, steps, left);
        frame.grid(out);
        for (int number = 0; number < series.size(); number++) {
            frame.curve(out, series.get(number), number + 1);
        }
        out.append("</svg>");
        if (!note.isEmpty()) {
            out.append("<p class='note'>").append(Markup.escape(note)).append("</p>");
        }
        return out.append("</figure>").toString();
    }

    private java.util.stream.Stream<double[]> points() {
        return series.stream().flatMap(curve -> curve.points().stream());
    }

    private Axis valueAxis() {
        double low = points().mapToDouble(point -> point[1]).min().orElse(0);
        double high = points().mapToDouble(point -> point[1]).max().orElse(1);
        Axis axis = Axis.around(low, high, MOST_TICKS);
        if (axis.low() >= limits.least() && axis.high() <= limits.most()) {
            return axis;
        }
        return Axis.within(
                Math.max(limits.least(), axis.low()), Math.min(limits.most(), axis.high()), MOST_TICKS - 1, 0);
    }

    private String legend() {
        if (series.size() < 2) {
            return "";
        }
        StringBuilder out = new StringBuilder("<ul class='legend'>");
        for (int number = 1; number <= series.size(); number++) {
            out.append(Markup.format(
                    "<li><svg viewBox='0 0 34 12' aria-hidden='true'><polyline class='s%d' points='0,6 34,6'/>%s</svg>%s</li>",
                    number,
                    marker(number, 17, 6, 3.5, ""),
                    Markup.escape(series.get(number - 1).name())));
        }
        return out.append("</ul>").toString();
    }

    /** What a screen reader says in place of the curves. */
    private String description() {
        return series.stream()
                .map(curve -> {
                    List<double[]> points = curve.points();
                    double[] first = points.get(0);
                    double[] last = points.get(points.size() - 1);
                    String end =
                            points.size() == 1 ? "" : Markup.format(" to %s %s", number(last[1]), across.at(last[0]));
                    return Markup.format("%s: %s %s%s.", curve.name(), number(first[1]), across.at(first[0]), end);
                })
                .collect(Collectors.joining(" "));
    }

    private String number(double value) {
        String text = Math.abs(value) >= 1e5 || (value != 0 && Math.abs(value) < 1e-3)
                ? Markup.format("%.3g", value)
                : Markup.format("%.4f", value).replaceAll("\\.?0+$", "");
        return unit.isEmpty() ? text : text + " " + unit;
    }

    /** Circles, squares and triangles, so that curves are distinguishable without colours. */
    private static String marker(int number, double x, double y, double radius, String content) {
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

    /** The area that curves are drawn in. */
    private final class Frame {
        private final Axis values;
        private final Axis steps;
        private final int left;

        Frame(Axis values, Axis steps, int left) {
            this.values = values;
            this.steps = steps;
            this.left = left;
        }

        private double x(double step) {
            return left + 6 + steps.place(step) * (WIDTH - RIGHT - left - 6);
        }

        private double y(double value) {
            return HEIGHT - BOTTOM - values.place(value) * (HEIGHT - BOTTOM - TOP);
        }

        void grid(StringBuilder out) {
            for (double tick : values.ticks()) {
                double y = y(tick);
                out.append(Markup.format(
                        "<line class='grid' x1='%d' x2='%d' y1='%.1f' y2='%.1f'/>"
                                + "<text x='%d' y='%.1f' text-anchor='end'>%s</text>",
                        left, WIDTH, y, y, left - 5, y + 4.5, values.label(tick)));
            }
            double base = HEIGHT - BOTTOM;
            out.append(
                    Markup.format("<line class='axis' x1='%d' x2='%d' y1='%.1f' y2='%.1f'/>", left, WIDTH, base, base));
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

        void curve(StringBuilder out, Series curve, int number) {
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
                            Markup.escape(LineChart.this.number(point[1])));
                    out.append(marker(number, x(point[0]), y(point[1]), radius, title));
                }
            }
        }
    }

    /** At most 600 points: of every stretch the lowest and the highest, so that no peak is lost. */
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
