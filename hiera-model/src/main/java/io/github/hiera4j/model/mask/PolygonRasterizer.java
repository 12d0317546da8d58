package io.github.hiera4j.model.mask;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import java.util.Arrays;
import java.util.List;

/**
 * Converts polygons to masks by COCO's rule: outlines are traced on a grid of five times the resolution, and their crossings of
 * pixel columns are the ends of runs.
 *
 * <p>Source: the behaviour of pycocotools 2.0.11, reproduced to the bit.
 */
public final class PolygonRasterizer {
    private static final int SCALE = 5;

    /** Maximum number of steps on the fine grid for one polygon: its outline may be 50 million pixels long. */
    private static final long MOST_STEPS = 1L << 28;

    private static final long LARGEST_COORDINATE = MOST_STEPS / SCALE;

    private final int height;
    private final int width;
    private long[] crossings = new long[64];
    private int count;
    private long steps;
    private long lastX;
    private long lastY;
    private boolean started;

    private PolygonRasterizer(int height, int width) {
        this.height = height;
        this.width = width;
    }

    /**
     * {@return the union of polygons}
     *
     * @param height in pixels
     * @param width in pixels
     * @param polygons each {@code x0, y0, x1, y1, …} in pixels, at least three points; may extend beyond the image
     * @throws HieraException if there is no polygon, or one is not a polygon or far too large
     */
    public static RunLengthMask rasterize(int height, int width, List<double[]> polygons) {
        return MaskOperations.union(polygons.stream()
                .map(polygon -> rasterize(height, width, polygon))
                .toList());
    }

    /**
     * {@return the mask of one polygon}
     *
     * @param height in pixels
     * @param width in pixels
     * @param polygon {@code x0, y0, x1, y1, …} in pixels
     * @throws HieraException if it has fewer than three points, an odd number of coordinates, or coordinates that are not finite
     */
    public static RunLengthMask rasterize(int height, int width, double[] polygon) {
        RunLengthMask.checkSize(height, width);
        check(
                polygon.length >= 6 && polygon.length % 2 == 0,
                "expected a polygon with an even number of coordinates, at least 6, got %d",
                polygon.length);
        for (double coordinate : polygon) {
            check(
                    Math.abs(coordinate) <= LARGEST_COORDINATE,
                    "expected polygon coordinates of at most ±%d, got %s",
                    LARGEST_COORDINATE,
                    coordinate);
        }
        PolygonRasterizer rasterizer = new PolygonRasterizer(height, width);
        int points = polygon.length / 2;
        for (int i = 0; i < points; i++) {
            int next = 2 * ((i + 1) % points);
            rasterizer.edge(
                    fine(polygon[2 * i]), fine(polygon[2 * i + 1]), fine(polygon[next]), fine(polygon[next + 1]));
        }
        return rasterizer.mask();
    }

    /**
     * {@return the mask of a box {@code x, y, width, height}, as the polygon of its corners}
     *
     * @param height in pixels
     * @param width in pixels
     * @param box x, y, width and height in pixels
     */
    public static RunLengthMask rasterizeBox(int height, int width, double[] box) {
        double right = box[0] + box[2];
        double bottom = box[1] + box[3];
        return rasterize(height, width, new double[] {box[0], box[1], box[0], bottom, right, bottom, right, box[1]});
    }

    private static int fine(double coordinate) {
        return (int) (SCALE * coordinate + .5);
    }

    /** Visits every fine-grid point of an edge, both ends included, in the direction of the edge. */
    private void edge(int fromX, int fromY, int toX, int toY) {
        int dx = Math.abs(toX - fromX);
        int dy = Math.abs(toY - fromY);
        steps += Math.max(dx, dy);
        check(steps <= MOST_STEPS, "the outline of a polygon is longer than %d pixels", LARGEST_COORDINATE);
        boolean alongX = dx >= dy;
        boolean flipped = alongX ? fromX > toX : fromY > toY;
        int startX = flipped ? toX : fromX;
        int startY = flipped ? toY : fromY;
        int endX = flipped ? fromX : toX;
        int endY = flipped ? fromY : toY;
        int length = alongX ? dx : dy;
        double slope = alongX ? (double) (endY - startY) / dx : (double) (endX - startX) / dy;
        for (int d = 0; d <= length; d++) {
            int t = flipped ? length - d : d;
            if (alongX) {
                point(t + startX, (int) (startY + slope * t + .5));
            } else {
                point((int) (startX + slope * t + .5), t + startY);
            }
        }
    }

    private void point(long x, long y) {
        if (started && x != lastX) {
            double column = ((x < lastX ? x : x - 1) + .5) / SCALE - .5;
            if (Math.floor(column) == column && column >= 0 && column <= width - 1) {
                double row = (Math.min(y, lastY) + .5) / SCALE - .5;
                row = Math.ceil(Math.max(0, Math.min(height, row)));
                add(((long) column) * height + (long) row);
            }
        }
        started = true;
        lastX = x;
        lastY = y;
    }

    private void add(long position) {
        if (count == crossings.length) {
            crossings = Arrays.copyOf(crossings, 2 * count);
        }
        crossings[count++] = position;
    }

    private RunLengthMask mask() {
        add((long) height * width);
        Arrays.sort(crossings, 0, count);
        // An empty run merges its neighbours, except at the beginning.
        int[] runs = new int[count];
        int used = 0;
        long previous = 0;
        boolean joins = false;
        for (int i = 0; i < count; i++) {
            int run = (int) (crossings[i] - previous);
            previous = crossings[i];
            if (joins) {
                runs[used - 1] += run;
                joins = false;
            } else if (run > 0 || used == 0) {
                runs[used++] = run;
            } else {
                joins = true;
            }
        }
        return RunLengthMask.trusted(height, width, Arrays.copyOf(runs, used));
    }
}
