package io.github.hiera4j.train.trace;

import com.google.errorprone.annotations.FormatMethod;
import io.github.hiera4j.train.trace.StepTrace.Lane;
import io.github.hiera4j.train.trace.StepTrace.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Draws the last step of a trace: for each process a bar with its activities, and below it the concurrent exchange. */
final class TracePicture {
    private static final int LEFT = 76;
    private static final int TOP = 34;
    private static final int WIDTH = 720;
    private static final int BAR = 26;
    private static final int SENT = 9;
    private static final int GAP = 18;
    private static final int ROWS_OF_SENT = 3;
    private static final int ROW = BAR + 4 + ROWS_OF_SENT * (SENT + 2);
    private static final int TICKS = 6;

    private final StepTrace trace;
    private final long from;
    private final long to;
    private final StringBuilder out = new StringBuilder();

    private TracePicture(StepTrace trace) {
        this.trace = trace;
        List<Span> last = trace.ranks().stream()
                .map(rank -> trace.of(rank, Lane.STEP))
                .map(steps -> steps.get(steps.size() - 1))
                .toList();
        from = last.stream().mapToLong(Span::from).min().orElse(0);
        to = last.stream().mapToLong(Span::to).max().orElse(1);
    }

    static String svg(StepTrace trace) {
        return new TracePicture(trace).draw();
    }

    private String draw() {
        int bottom = TOP + trace.ranks().size() * (ROW + GAP);
        add(
                "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' width='%d' height='%d' role='img'"
                        + " font-family='sans-serif' font-size='12'>%n<title>Timeline of a training step</title>%n"
                        + "<rect width='100%%' height='100%%' fill='#fff'/>%n",
                LEFT + WIDTH + 20, bottom + 34, LEFT + WIDTH + 20, bottom + 34);
        legend();
        axis(bottom);
        int y = TOP;
        for (int rank : trace.ranks()) {
            rank(rank, y);
            y += ROW + GAP;
        }
        return out.append("</svg>\n").toString();
    }

    private void legend() {
        double x = LEFT;
        for (Activity activity : Activity.values()) {
            add("<rect x='%.0f' y='10' width='12' height='12' fill='%s'/>", x, activity.colour());
            add("<text x='%.0f' y='20'>%s</text>%n", x + 16, activity.label());
            x += 36 + 6.4 * activity.label().length();
        }
    }

    private void axis(int bottom) {
        double milliseconds = (to - from) / 1e6;
        double step = Math.pow(10, Math.floor(Math.log10(milliseconds / TICKS)));
        for (double factor : new double[] {2, 2.5, 2}) { // 1, 2, 5, 10
            if (milliseconds / step > TICKS) {
                step *= factor;
            }
        }
        for (int tick = 0; tick * step <= milliseconds; tick++) {
            double x = x(from + (long) (tick * step * 1e6));
            add("<line x1='%.1f' x2='%.1f' y1='%d' y2='%d' stroke='#ddd'/>", x, x, TOP, bottom);
            add("<text x='%.1f' y='%d' text-anchor='middle'>%s</text>%n", x, bottom + 15, number(tick * step));
        }
        add("<text x='%d' y='%d' text-anchor='end'>ms</text>%n", LEFT - 8, bottom + 15);
    }

    private static String number(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.format(Locale.ROOT, "%.2g", value);
    }

    private void rank(int rank, int y) {
        add("<text x='%d' y='%d' text-anchor='end'>rank %d</text>%n", LEFT - 8, y + 17, rank);
        for (Bar bar : bars(rank)) {
            rectangle(bar.activity(), bar.activity().label(), bar.from(), bar.to(), y, BAR);
        }
        List<Span> sent = trace.of(rank, Lane.EXCHANGE);
        if (sent.stream().anyMatch(this::isShown)) {
            add("<text x='%d' y='%d' text-anchor='end'>exchange</text>%n", LEFT - 8, y + BAR + 17);
        }
        long[] free = new long[ROWS_OF_SENT]; // time from which each row is free
        for (Span one : sent) {
            if (isShown(one)) {
                int row = 0;
                while (row < ROWS_OF_SENT - 1 && free[row] > one.from()) {
                    row++;
                }
                free[row] = one.to();
                rectangle(Activity.EXCHANGE, one.what(), one.from(), one.to(), y + BAR + 4 + row * (SENT + 2), SENT);
            }
        }
    }

    private boolean isShown(Span span) {
        return span.to() > from && span.from() < to;
    }

    private record Bar(Activity activity, long from, long to) {}

    /** Merges consecutive activities of the same kind into one bar. */
    private List<Bar> bars(int rank) {
        List<Bar> bars = new ArrayList<>();
        for (Span span : trace.of(rank, Lane.WORK)) {
            if (!isShown(span)) {
                continue;
            }
            Activity activity = Activity.of(span.what());
            Bar last = bars.isEmpty() ? null : bars.get(bars.size() - 1);
            if (last != null && last.activity() == activity) {
                bars.set(bars.size() - 1, new Bar(activity, last.from(), span.to()));
            } else {
                bars.add(new Bar(activity, span.from(), span.to()));
            }
        }
        return bars;
    }

    private void rectangle(Activity activity, String what, long begin, long end, int y, int height) {
        double left = x(Math.max(from, begin));
        double right = x(Math.min(to, end));
        add(
                "<rect x='%.1f' y='%d' width='%.1f' height='%d' fill='%s'><title>%s, %.2f ms</title></rect>%n",
                left,
                y,
                Math.max(0.3, right - left),
                height,
                activity.colour(),
                what.replace("&", "&amp;").replace("<", "&lt;"),
                (end - begin) / 1e6);
    }

    private double x(long time) {
        return LEFT + (double) WIDTH * (time - from) / (to - from);
    }

    @FormatMethod
    private void add(String pattern, Object... values) {
        out.append(String.format(Locale.ROOT, pattern, values).replace("\r\n", "\n"));
    }
}
