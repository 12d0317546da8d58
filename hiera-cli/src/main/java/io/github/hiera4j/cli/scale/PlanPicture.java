package io.github.hiera4j.cli.scale;

import com.google.errorprone.annotations.FormatMethod;
import io.github.hiera4j.train.scale.ScalingPlan;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Efficiency over the number of processes, one curve per network. */
final class PlanPicture {
    static final int MOST_CURVES = 6;

    private static final List<String> COLOURS =
            List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9");
    private static final int LEFT = 56;
    private static final int TOP = 16;
    private static final int WIDTH = 520;
    private static final int HEIGHT = 260;

    private PlanPicture() {}

    static String svg(Map<String, ScalingPlan> plans, int most) {
        StringBuilder out = new StringBuilder(format(
                "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' width='%d' height='%d' role='img'"
                        + " font-family='sans-serif' font-size='13'>%n<title>Estimated efficiency of training</title>%n"
                        + "<rect width='100%%' height='100%%' fill='#fff'/>%n",
                width(plans), TOP + HEIGHT + 48, width(plans), TOP + HEIGHT + 48));
        for (int percent = 0; percent <= 100; percent += 20) {
            double y = y(percent / 100.0);
            out.append(format("<line x1='%d' x2='%d' y1='%.1f' y2='%.1f' stroke='#ccc'/>%n", LEFT, LEFT + WIDTH, y, y));
            out.append(format("<text x='%d' y='%.1f' text-anchor='end'>%d %%</text>%n", LEFT - 6, y + 4, percent));
        }
        for (int processes = 1; processes <= most; processes *= 2) {
            out.append(format(
                    "<text x='%.1f' y='%d' text-anchor='middle'>%d</text>%n",
                    x(processes, most), TOP + HEIGHT + 18, processes));
        }
        out.append(format(
                "<text x='%d' y='%d' text-anchor='middle'>processes</text>%n", LEFT + WIDTH / 2, TOP + HEIGHT + 38));
        int number = 0;
        for (Map.Entry<String, ScalingPlan> entry : plans.entrySet()) {
            out.append(curve(entry.getKey(), entry.getValue(), most, number++));
        }
        return out.append("</svg>\n").toString();
    }

    /** Returns the width of the picture, with room for the longest name. */
    private static int width(Map<String, ScalingPlan> plans) {
        int longest = plans.keySet().stream().mapToInt(String::length).max().orElse(0);
        return LEFT + WIDTH + 48 + 8 * longest;
    }

    private static String curve(String name, ScalingPlan plan, int most, int number) {
        String colour = COLOURS.get(number);
        StringBuilder points = new StringBuilder();
        for (int processes = 1; processes <= most; processes++) {
            points.append(format("%.1f,%.1f ", x(processes, most), y(plan.efficiency(processes))));
        }
        return format(
                "<polyline points='%s' fill='none' stroke='%s' stroke-width='2'/>%n"
                        + "<line x1='%d' x2='%d' y1='%d' y2='%d' stroke='%s' stroke-width='3'/>"
                        + "<text x='%d' y='%d'>%s</text>%n",
                points.toString().strip(),
                colour,
                LEFT + WIDTH + 12,
                LEFT + WIDTH + 30,
                TOP + 12 + 22 * number,
                TOP + 12 + 22 * number,
                colour,
                LEFT + WIDTH + 36,
                TOP + 16 + 22 * number,
                name);
    }

    private static double x(int processes, int most) {
        return LEFT + WIDTH * (most == 1 ? 0 : Math.log(processes) / Math.log(most));
    }

    private static double y(double share) {
        return TOP + HEIGHT * (1 - share);
    }

    @FormatMethod
    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values).replace("\r\n", "\n");
    }
}
