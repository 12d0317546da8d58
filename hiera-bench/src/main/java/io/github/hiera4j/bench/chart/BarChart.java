package io.github.hiera4j.bench.chart;

import static io.github.hiera4j.model.Check.check;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Groups of bars, with one bar of each series per group.
 *
 * @param title the title
 * @param groups names of the groups, from left to right
 * @param series values by group
 */
public record BarChart(String title, List<String> groups, List<Series> series) {
    private static final int BAR = 34;
    private static final int GAP = 24;
    private static final int LEFT = 16;
    private static final int TOP = 70;
    private static final int HEIGHT = 240;

    /**
     * Bars of one colour.
     *
     * @param name for the legend
     * @param values one for each group, 0 or more; NaN leaves a gap
     */
    public record Series(String name, List<Double> values) {
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
    public BarChart {
        groups = List.copyOf(groups);
        series = List.copyOf(series);
        check(!groups.isEmpty() && !series.isEmpty(), "a chart needs groups and series, got %d", groups.size());
        for (Series bars : series) {
            check(bars.values().size() == groups.size(), "expected a value for each of %d groups", groups.size());
        }
    }

    /** {@return the chart as an SVG document} */
    public String svg() {
        int group = series.size() * BAR + GAP;
        int width = Math.max(480, 2 * LEFT + groups.size() * group);
        Svg svg = new Svg(width, TOP + HEIGHT + 40, title);
        svg.legend(LEFT, 48, series.stream().map(Series::name).toList());
        double most = series.stream()
                .flatMap(bars -> bars.values().stream())
                .filter(Double::isFinite)
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(1);
        double base = TOP + HEIGHT;
        for (int at = 0; at < groups.size(); at++) {
            double left = LEFT + GAP / 2.0 + at * group;
            for (int number = 0; number < series.size(); number++) {
                double value = series.get(number).values().get(at);
                if (Double.isFinite(value)) {
                    bar(svg, left + number * BAR, base, value, (HEIGHT - 20) * value / Math.max(most, 1e-9), number);
                }
            }
            svg.text(left + series.size() * BAR / 2.0, base + 22, "middle", groups.get(at));
        }
        svg.line(LEFT, base, width - LEFT, base, "#222");
        return svg.end();
    }

    private static void bar(Svg svg, double x, double base, double value, double height, int number) {
        svg.add(
                "<rect x='%.1f' y='%.1f' width='%d' height='%.1f' fill='%s'/>",
                x + 1, base - height, BAR - 2, height, Svg.colour(number));
        svg.text(x + BAR / 2.0, base - height - 4, "middle", String.format(Locale.ROOT, "%.2f", value));
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
