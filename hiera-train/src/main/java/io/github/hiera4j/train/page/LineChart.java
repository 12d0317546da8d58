package io.github.hiera4j.train.page;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A chart with curves of one quantity over the steps of a training, or over another quantity.
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

        /** The recall: the fraction of all objects that are found, from 0 to 1. */
        public static final Horizontal RECALL = new Horizontal("recall", 1, false);

        private Axis axis(double last) {
            return Axis.within(0, Double.isNaN(most) ? Math.max(1, last) : most, 5, isWhole ? 1 : 0);
        }

        String at(double value) {
            return isWhole ? Markup.format("at %s %.0f", name, value) : Markup.format("at %s %.2f", name, value);
        }
    }

    /** The smallest and the largest value that a quantity can have. */
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
         * Creates a curve.
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

    private static final int MOST_TICKS = 6;

    /**
     * Creates a chart.
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
     * Creates a chart of curves over steps.
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

    /** Returns the chart as a figure with a caption and a legend above the curves. */
    String markup() {
        Axis values = valueAxis();
        Axis steps = across.axis(points().mapToDouble(point -> point[0]).max().orElse(1));
        StringBuilder out = new StringBuilder("<figure><figcaption><span class='title'>")
                .append(Markup.escape(title))
                .append("</span>")
                .append(unit.isEmpty() && values.factor().isEmpty() ? "" : Markup.escape(" " + unit + values.factor()))
                .append(legend())
                .append("</figcaption>")
                .append(Markup.svg(
                        Markup.format("viewBox='0 0 %d %d'", LineChartArea.WIDTH, LineChartArea.HEIGHT),
                        title,
                        description()));
        LineChartArea area = new LineChartArea(across, values, steps, this::number);
        area.grid(out);
        for (int number = 0; number < series.size(); number++) {
            area.curve(out, series.get(number), number + 1);
        }
        out.append("</svg>");
        if (!note.isEmpty()) {
            out.append("<p class='note'>").append(Markup.escape(note)).append("</p>");
        }
        return out.append("</figure>").toString();
    }

    private Stream<double[]> points() {
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
                    LineChartArea.marker(number, 17, 6, 3.5, ""),
                    Markup.escape(series.get(number - 1).name())));
        }
        return out.append("</ul>").toString();
    }

    /** Returns the text that a screen reader reads instead of the curves. */
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
}
