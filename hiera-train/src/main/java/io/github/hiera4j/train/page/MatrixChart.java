package io.github.hiera4j.train.page;

import java.util.Arrays;
import java.util.List;

/**
 * A confusion matrix, drawn in its natural size; it scrolls if it is wider than the page.
 *
 * @param names of the classes
 * @param counts row: true class, column: predicted class
 */
record MatrixChart(List<String> names, int[][] counts) {
    private static final double CHARACTER = 6.9; // width of a letter at 13 pixels
    private static final int LONGEST_NAME = 26;
    private static final int TITLE = 22;
    private static final int SLANT = 60; // degrees
    private static final int UPRIGHT = 90;
    private static final int SMALLEST_WITH_NUMBERS = 24;
    private static final double STRONG = 0.55;

    String markup() {
        int cell = cell();
        int classes = names.size();
        int longest = names.stream()
                .mapToInt(name -> Math.min(LONGEST_NAME, name.length()))
                .max()
                .orElse(1);
        int left = TITLE + (int) (longest * CHARACTER) + 8;
        double slant = Math.toRadians(slant());
        int top = TITLE + (int) (longest * CHARACTER * Math.sin(slant)) + 16;
        int width = left + cell * classes + (int) (longest * CHARACTER * Math.cos(slant)) + 10;
        int height = top + cell * classes + 2;
        StringBuilder out =
                new StringBuilder("<div class='scroll' tabindex='0' role='region' aria-label='Confusion matrix'>");
        String size = Markup.format(
                "class='matrix' width='%d' height='%d' viewBox='0 0 %d %d'", width, height, width, height);
        out.append(Markup.svg(size, "Confusion matrix", description()));
        out.append(Markup.format(
                "<text class='axis' x='%d' y='14' text-anchor='middle'>predicted class</text>"
                        + "<text class='axis' text-anchor='middle' transform='translate(14 %d) rotate(-90)'>true class</text>",
                left + cell * classes / 2, top + cell * classes / 2));
        for (int row = 0; row < classes; row++) {
            appendNames(out, row, cell, left, top);
            appendRow(out, row, cell, left, top);
        }
        return out.append("</svg></div>").toString();
    }

    private int cell() {
        int classes = names.size();
        return classes <= 4 ? 64 : classes <= 12 ? 44 : classes <= 25 ? 30 : classes <= 40 ? SMALLEST_WITH_NUMBERS : 15;
    }

    /** Returns the angle of the names: slanted ones are easier to read, but would touch in narrow columns. */
    private int slant() {
        return cell() < SMALLEST_WITH_NUMBERS ? UPRIGHT : SLANT;
    }

    private void appendNames(StringBuilder out, int label, int cell, int left, int top) {
        String name = Markup.escape(Markup.shortened(names.get(label), LONGEST_NAME));
        double middle = label * cell + cell / 2.0;
        out.append(Markup.format(
                "<text x='%d' y='%.1f' text-anchor='end'>%s</text><text transform='translate(%.1f %d) rotate(-%d)'>%s</text>",
                left - 6, top + middle + 4.5, name, left + middle + 4, top - 6, slant(), name));
    }

    private void appendRow(StringBuilder out, int row, int cell, int left, int top) {
        int total = Math.max(1, Arrays.stream(counts[row]).sum());
        for (int column = 0; column < names.size(); column++) {
            int count = counts[row][column];
            double share = (double) count / total;
            int x = left + column * cell;
            int y = top + row * cell;
            if (count == 0) {
                out.append(
                        Markup.format("<rect class='empty' x='%d' y='%d' width='%d' height='%d'/>", x, y, cell, cell));
                continue;
            }
            out.append(Markup.format(
                    "<rect class='%s' fill-opacity='%.2f' x='%d' y='%d' width='%d' height='%d'><title>%s</title></rect>",
                    row == column ? "right" : "wrong",
                    0.22 + 0.78 * share,
                    x,
                    y,
                    cell,
                    cell,
                    Markup.escape(
                            names.get(row) + " predicted as " + names.get(column) + ": " + count + " of " + total)));
            if (cell >= SMALLEST_WITH_NUMBERS && String.valueOf(count).length() * 7.3 <= cell - 2) {
                out.append(Markup.format(
                        "<text%s x='%.1f' y='%.1f' text-anchor='middle'>%d</text>",
                        share > STRONG ? " class='strong'" : "", x + cell / 2.0, y + cell / 2.0 + 4.5, count));
            }
        }
    }

    private String description() {
        long all = Arrays.stream(counts)
                .flatMapToInt(Arrays::stream)
                .asLongStream()
                .sum();
        long right = 0;
        for (int label = 0; label < counts.length; label++) {
            right += counts[label][label];
        }
        return Markup.format(
                "%d classes, rows: true class, columns: predicted class. %d of %d samples are on the diagonal. The tables"
                        + " below have the figures.",
                names.size(), right, all);
    }
}
