package io.github.hiera4j.api.insight.timeline;

import io.github.hiera4j.api.insight.page.TimelinePage;
import io.github.hiera4j.api.insight.picture.Hues;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.image.TextDrawing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Paints a timeline as one picture: frames, segments coloured by class, and the probability of the likeliest class. */
public final class TimelinePicture {
    private static final int WIDTH = 1280;
    private static final int MARGIN = 12;
    private static final int HEAD = 40;
    private static final int FRAMES = 72;
    private static final int STRIP = 30;
    private static final int CURVE = 72;
    private static final int TICKS = 8;
    private static final int HEIGHT = HEAD + FRAMES + STRIP + CURVE + 52;
    private static final int INK = 0x202020;
    private static final int GREY = 0x606060;
    private static final int LINE = 0x1f5fbf;

    private final Timeline timeline;
    private final byte[] rgb = new byte[WIDTH * HEIGHT * Rgb8Image.CHANNELS];
    private final List<TextDrawing.Line> lines = new ArrayList<>();

    private TimelinePicture(Timeline timeline) {
        this.timeline = timeline;
        Arrays.fill(rgb, (byte) 255);
    }

    /**
     * Paints a timeline.
     *
     * @param name of the video
     * @param timeline the timeline
     * @return the picture
     */
    public static Rgb8Image paint(String name, Timeline timeline) {
        return new TimelinePicture(timeline).paint(name);
    }

    private Rgb8Image paint(String name) {
        text(name, MARGIN, 22, 15, WIDTH - 2 * MARGIN, INK);
        frames(HEAD);
        segments(HEAD + FRAMES + 4);
        curve(HEAD + FRAMES + STRIP + 10);
        return TextDrawing.draw(Rgb8Image.wrap(WIDTH, HEIGHT, rgb), lines);
    }

    private int at(double time) {
        double share = Math.max(0, Math.min(1, time / timeline.duration()));
        return MARGIN + (int) Math.round(share * (WIDTH - 2 * MARGIN));
    }

    /** Returns the largest number that fits side by side. */
    private void frames(int top) {
        int free = MARGIN;
        for (Timeline.Thumbnail one : timeline.thumbnails()) {
            Rgb8Image picture = one.picture();
            int height = Math.min(FRAMES, picture.height());
            int left = at(one.time());
            if (left >= free && left + picture.width() <= WIDTH - MARGIN) {
                for (int y = 0; y < height; y++) {
                    for (int x = 0; x < picture.width(); x++) {
                        put(
                                left + x,
                                top + y,
                                picture.sample(x, y, 0) << 16 | picture.sample(x, y, 1) << 8 | picture.sample(x, y, 2));
                    }
                }
                free = left + picture.width() + 2;
            }
        }
    }

    private void segments(int top) {
        Hues hues = new Hues();
        for (Timeline.Segment one : timeline.segments()) {
            int left = at(one.start());
            int right = Math.max(left + 1, at(one.end()) - 1);
            int colour = hues.rgb(one.label());
            for (int y = top; y < top + STRIP; y++) {
                for (int x = left; x < right; x++) {
                    put(x, y, colour);
                }
            }
            text(one.label(), left + 3, top + 20, 12, right - left - 6, INK);
        }
    }

    private void curve(int top) {
        for (int x = MARGIN; x < WIDTH - MARGIN; x++) {
            put(x, top, 0xd8d8d8);
            put(x, top + CURVE, 0x909090);
        }
        int before = -1;
        int beforeX = -1;
        for (Timeline.Step step : timeline.steps()) {
            int x = at(step.middle());
            int y = top + (int) Math.round((1 - step.top().get(0).probability()) * CURVE);
            line(beforeX < 0 ? x : beforeX, beforeX < 0 ? y : before, x, y);
            beforeX = x;
            before = y;
        }
        for (int tick = 0; tick <= TICKS; tick++) {
            double time = timeline.duration() * tick / TICKS;
            String label = TimelinePage.clock(time);
            int wide = TextDrawing.width(label, 11);
            int x = Math.max(MARGIN, Math.min(WIDTH - MARGIN - wide, at(time) - wide / 2));
            text(label, x, top + CURVE + 16, 11, wide + 4, GREY);
        }
        String caption = String.format(
                Locale.ROOT,
                "probability of the likeliest class, 0 (below) to 1 (above); windows: %d, segments: %d",
                timeline.steps().size(),
                timeline.segments().size());
        text(caption, MARGIN, top + CURVE + 34, 12, WIDTH - 2 * MARGIN, GREY);
    }

    private void line(int fromX, int fromY, int toX, int toY) {
        int steps = Math.max(1, Math.max(Math.abs(toX - fromX), Math.abs(toY - fromY)));
        for (int i = 0; i <= steps; i++) {
            int x = fromX + (toX - fromX) * i / steps;
            int y = fromY + (toY - fromY) * i / steps;
            put(x, y, LINE);
            put(x, y + 1, LINE);
        }
    }

    private void text(String text, int x, int baseline, double size, int room, int colour) {
        if (room > 0) {
            lines.add(new TextDrawing.Line(TextDrawing.fitted(text, size, room), x, baseline, size, colour));
        }
    }

    private void put(int x, int y, int colour) {
        if (x >= 0 && x < WIDTH && y >= 0 && y < HEIGHT) {
            int at = (y * WIDTH + x) * Rgb8Image.CHANNELS;
            rgb[at] = (byte) (colour >> 16);
            rgb[at + 1] = (byte) (colour >> 8);
            rgb[at + 2] = (byte) colour;
        }
    }
}
