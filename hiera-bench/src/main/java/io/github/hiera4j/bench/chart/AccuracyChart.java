package io.github.hiera4j.bench.chart;

import static io.github.hiera4j.model.Check.check;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Accuracy against speed, with the speed on a logarithmic axis.
 *
 * @param title the title
 * @param speedUnit the unit of the horizontal axis
 * @param points the models
 */
public record AccuracyChart(String title, String speedUnit, List<Point> points) {
    private static final int LEFT = 60;
    private static final int RIGHT = 700;
    private static final int TOP = 70;
    private static final int BASE = 380;

    /**
     * A model.
     *
     * @param name label of its point
     * @param family determines its colour
     * @param speed above 0
     * @param top1 from 0 to 1
     */
    public record Point(String name, String family, double speed, double top1) {}

    /**
     * Checks the values.
     *
     * @param title the title
     * @param speedUnit the unit of the horizontal axis
     * @param points the models
     */
    public AccuracyChart {
        points = List.copyOf(points);
        check(!points.isEmpty(), "a chart of %s needs points", title);
        for (Point point : points) {
            check(point.speed() > 0 && point.top1() > 0, "%s has no speed or no accuracy", point.name());
        }
    }

    /** {@return the chart as an SVG document} */
    public String svg() {
        Svg svg = new Svg(RIGHT + 100, BASE + 60, title);
        List<String> families = points.stream().map(Point::family).distinct().toList();
        svg.legend(16, 48, families);
        Scale speed = Scale.around(points.stream().mapToDouble(point -> Math.log10(point.speed())), .1);
        Scale accuracy = Scale.around(points.stream().mapToDouble(point -> 100 * point.top1()), .5);
        grid(svg, speed, accuracy);
        for (Point point : points) {
            double x = LEFT + speed.place(Math.log10(point.speed())) * (RIGHT - LEFT);
            double y = BASE - accuracy.place(100 * point.top1()) * (BASE - TOP);
            svg.add(
                    "<circle cx='%.1f' cy='%.1f' r='5' fill='%s'/>",
                    x, y, Svg.colour(families.indexOf(point.family())));
            boolean isFarRight = x > (LEFT + RIGHT) / 2.0;
            svg.text(isFarRight ? x - 9 : x + 9, y - 7, isFarRight ? "end" : "start", point.name());
        }
        return svg.end();
    }

    private void grid(Svg svg, Scale speed, Scale accuracy) {
        double step = Math.max(1, Math.ceil((accuracy.high() - accuracy.low()) / 8));
        for (double tick = Math.ceil(accuracy.low()); tick <= accuracy.high(); tick += step) {
            double y = BASE - accuracy.place(tick) * (BASE - TOP);
            svg.line(LEFT, y, RIGHT, y, "#ddd");
            svg.text(LEFT - 8, y + 4, "end", String.format(Locale.ROOT, "%.0f %%", tick));
        }
        for (int power = (int) Math.floor(speed.low()); power <= speed.high(); power++) {
            for (int factor : new int[] {1, 2, 5}) {
                double value = factor * Math.pow(10, power);
                double at = speed.place(Math.log10(value));
                if (at >= 0 && at <= 1) {
                    double x = LEFT + at * (RIGHT - LEFT);
                    svg.line(x, BASE, x, BASE + 5, "#222");
                    svg.text(x, BASE + 20, "middle", String.format(Locale.ROOT, value < 1 ? "%.2f" : "%.0f", value));
                }
            }
        }
        svg.line(LEFT, BASE, RIGHT, BASE, "#222");
        svg.text((LEFT + RIGHT) / 2.0, BASE + 42, "middle", speedUnit);
    }

    /** Returns a range with a margin on both sides. */
    private record Scale(double low, double high) {
        static Scale around(java.util.stream.DoubleStream values, double margin) {
            var statistics = values.summaryStatistics();
            return new Scale(statistics.getMin() - margin, statistics.getMax() + margin);
        }

        /** Returns the position of a value, 0 at the low end and 1 at the high end. */
        double place(double value) {
            return (value - low) / (high - low);
        }
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
