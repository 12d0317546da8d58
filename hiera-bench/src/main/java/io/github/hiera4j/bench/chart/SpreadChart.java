package io.github.hiera4j.bench.chart;

import static io.github.hiera4j.model.Check.check;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Means with their ranges, one of each series per group, on a percentage axis.
 *
 * @param title the title
 * @param groups names of the groups, from left to right
 * @param series values by group
 */
public record SpreadChart(String title, List<String> groups, List<Series> series) {
    private static final int STEP = 30;
    private static final int GAP = 36;
    private static final int LEFT = 60;
    private static final int TOP = 70;
    private static final int HEIGHT = 260;
    private static final int LINES = 5;
    private static final double DOT = 5;

    /**
     * A mean and the range of its values.
     *
     * @param mean in the range; NaN leaves a gap
     * @param least lower end
     * @param most upper end
     */
    public record Range(double mean, double least, double most) {}

    /**
     * Dots of one colour.
     *
     * @param name for the legend
     * @param values one for each group, 0 to 1
     */
    public record Series(String name, List<Range> values) {
        /**
         * Copies the values.
         *
         * @param name for the legend
         * @param values one for each group
         */
        public Series {
            values = List.copyOf(values);
        }
    }

    /**
     * Checks the lengths.
     *
     * @param title the title
     * @param groups names of the groups
     * @param series values by group
     */
    public SpreadChart {
        groups = List.copyOf(groups);
        series = List.copyOf(series);
        check(!groups.isEmpty() && !series.isEmpty(), "a chart needs groups and series, got %d", groups.size());
        for (Series dots : series) {
            check(dots.values().size() == groups.size(), "expected a value for each of %d groups", groups.size());
        }
    }

    /** {@return the chart as an SVG document} */
    public String svg() {
        int longest = groups.stream().mapToInt(String::length).max().orElse(1);
        int group = Math.max(series.size() * STEP + GAP, longest * 8 + 16);
        int width = Math.max(480, LEFT + groups.size() * group + 20);
        Svg svg = new Svg(width, TOP + HEIGHT + 40, title);
        svg.legend(LEFT, 48, series.stream().map(Series::name).toList());
        double least = extreme(true);
        double most = extreme(false);
        double low = Math.max(0, Math.floor(least * 20 - 0.5) / 20);
        double high = Math.min(1, Math.max(low + 0.05, Math.ceil(most * 20 + 0.5) / 20));
        axis(svg, width, low, high);
        for (int at = 0; at < groups.size(); at++) {
            double middle = LEFT + (at + 0.5) * group;
            for (int number = 0; number < series.size(); number++) {
                Range range = series.get(number).values().get(at);
                if (Double.isFinite(range.mean())) {
                    double x = middle + (number - (series.size() - 1) / 2.0) * STEP;
                    dot(svg, x, range, number, low, high);
                }
            }
            svg.text(middle, TOP + HEIGHT + 22.0, "middle", groups.get(at));
        }
        return svg.end();
    }

    private double extreme(boolean least) {
        var values = series.stream()
                .flatMap(dots -> dots.values().stream())
                .filter(range -> Double.isFinite(range.mean()))
                .mapToDouble(range -> least ? range.least() : range.most());
        return least ? values.min().orElse(0) : values.max().orElse(1);
    }

    private static double y(double value, double low, double high) {
        return TOP + HEIGHT * (1 - (value - low) / (high - low));
    }

    private static void axis(Svg svg, int width, double low, double high) {
        for (int line = 0; line <= LINES; line++) {
            double value = low + (high - low) * line / LINES;
            double y = y(value, low, high);
            svg.line(LEFT, y, width - 16.0, y, line == 0 ? "#222" : "#ddd");
            svg.text(LEFT - 8.0, y + 4, "end", String.format(Locale.ROOT, "%.0f %%", 100 * value));
        }
    }

    private static void dot(Svg svg, double x, Range range, int number, double low, double high) {
        String colour = Svg.colour(number);
        svg.add(
                "<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' stroke='%s' stroke-width='3'/>",
                x, y(range.least(), low, high), x, y(range.most(), low, high), colour);
        double y = y(range.mean(), low, high);
        svg.add("<circle cx='%.1f' cy='%.1f' r='%.1f' fill='%s'/>", x, y, DOT, colour);
        double above = y(range.most(), low, high) - 9;
        svg.text(x, above, "middle", String.format(Locale.ROOT, "%.1f", 100 * range.mean()));
    }

    /**
     * Writes the chart, atomically replacing an older one.
     *
     * @param file an SVG file
     */
    public void write(Path file) {
        Svg.write(svg(), file);
    }
}
