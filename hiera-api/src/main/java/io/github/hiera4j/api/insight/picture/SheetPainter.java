package io.github.hiera4j.api.insight.picture;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.image.TextDrawing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Paints a sheet as one picture: heading, titled panels in rows, a legend for every scale. */
public final class SheetPainter {
    private static final int GAP = 10;
    private static final int PANEL_SIDE = 224; // smaller pictures are enlarged to about this
    private static final double HEADING = 11; // height of a capital letter in pixels
    private static final double TEXT = 8.5;
    private static final int LINE = 20;
    private static final int LEGEND_WIDTH = 200;
    private static final int LEGEND_HEIGHT = 10;
    private static final int INK = 0x202020;
    private static final int GREY = 0x606060;

    private final Sheet sheet;
    private final List<TextDrawing.Line> lines = new ArrayList<>();
    private final int width;
    private final int height;
    private final byte[] rgb;

    private SheetPainter(Sheet sheet) {
        this.sheet = sheet;
        int widest = TextDrawing.width("hiera", TEXT) + LEGEND_WIDTH + 2 * GAP;
        int total = GAP + 2 * LINE + 4;
        for (List<Panel> row : sheet.rows()) {
            int across = GAP;
            int tallest = 0;
            for (Panel panel : row) {
                across += panel.picture().width() * factor(panel) + GAP;
                tallest = Math.max(tallest, panel.picture().height() * factor(panel));
            }
            widest = Math.max(widest, across);
            total += LINE + tallest + GAP;
        }
        total += sheet.scales().size() * (2 * LINE + LEGEND_HEIGHT);
        width = widest;
        height = total;
        rgb = new byte[width * height * Rgb8Image.CHANNELS];
        Arrays.fill(rgb, (byte) 255);
    }

    /**
     * Paints a sheet.
     *
     * @param sheet the sheet
     * @return the picture
     */
    public static Rgb8Image paint(Sheet sheet) {
        return new SheetPainter(sheet).paint();
    }

    private static int factor(Panel panel) {
        int side = Math.max(panel.picture().width(), panel.picture().height());
        return Math.max(1, (PANEL_SIDE + side / 2) / side);
    }

    private Rgb8Image paint() {
        int y = GAP;
        text(sheet.name(), GAP, y + 12, HEADING, width - 2 * GAP, INK);
        text(sheet.caption(), GAP, y + 12 + LINE, TEXT, width - 2 * GAP, GREY);
        y += 2 * LINE + 4;
        for (List<Panel> row : sheet.rows()) {
            y = paintRow(row, y);
        }
        for (Scale scale : sheet.scales()) {
            y = paintLegend(scale, y);
        }
        return TextDrawing.draw(Rgb8Image.wrap(width, height, rgb), lines);
    }

    private int paintRow(List<Panel> row, int y) {
        int x = GAP;
        int tallest = 0;
        for (Panel panel : row) {
            Rgb8Image picture = Pictures.enlarged(panel.picture(), factor(panel));
            text(panel.title(), x, y + 14, TEXT, picture.width(), INK);
            blit(picture, x, y + LINE);
            x += picture.width() + GAP;
            tallest = Math.max(tallest, picture.height());
        }
        return y + LINE + tallest + GAP;
    }

    private int paintLegend(Scale scale, int y) {
        text(scale.label(), GAP, y + 12, TEXT, width - 2 * GAP, INK);
        int top = y + LINE;
        int wide = Math.min(LEGEND_WIDTH, width - 2 * GAP);
        for (int i = 0; i < wide; i++) {
            int colour = scale.colours().rgb(i / (wide - 1.0));
            for (int row = 0; row < LEGEND_HEIGHT; row++) {
                Pictures.put(rgb, (top + row) * width + GAP + i, colour);
            }
        }
        int baseline = top + LEGEND_HEIGHT + 13;
        String high = number(scale.high());
        text(number(scale.low()), GAP, baseline, TEXT, wide / 2, GREY);
        text(high, GAP + wide - TextDrawing.width(high, TEXT), baseline, TEXT, wide / 2, GREY);
        return y + 2 * LINE + LEGEND_HEIGHT;
    }

    /** Formats a number with four digits. */
    static String number(double value) {
        return value == 0 ? "0" : String.format(Locale.ROOT, "%.3g", value);
    }

    private void text(String text, int x, int baseline, double size, int room, int colour) {
        lines.add(new TextDrawing.Line(TextDrawing.fitted(text, size, room), x, baseline, size, colour));
    }

    private void blit(Rgb8Image picture, int x, int y) {
        byte[] source = picture.toByteArray();
        int row = picture.width() * Rgb8Image.CHANNELS;
        for (int line = 0; line < picture.height(); line++) {
            System.arraycopy(source, line * row, rgb, ((y + line) * width + x) * Rgb8Image.CHANNELS, row);
        }
    }
}
