package io.github.hiera4j.detect.coco;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.Polygon;

/** Clips polygons to a square. Detectron2 uses a library that is derived from JTS for this. */
final class PolygonClipping {
    private static final GeometryFactory GEOMETRY = new GeometryFactory();

    private PolygonClipping() {}

    /**
     * Returns the parts of a polygon inside the square, relative to its corner.
     *
     * <p>A polygon inside the square is only shifted. Self-intersections are resolved by a buffer of width 0 before clipping.
     */
    static List<double[]> clip(double[] polygon, double left, double top, double side) {
        Geometry square = GEOMETRY.toGeometry(new Envelope(left, left + side, top, top + side));
        Coordinate[] ring = new Coordinate[polygon.length / 2 + 1];
        Arrays.setAll(ring, i -> {
            int at = 2 * (i % (ring.length - 1));
            return new Coordinate(polygon[at], polygon[at + 1]);
        });
        Geometry clipped = GEOMETRY.createPolygon(ring).buffer(0).intersection(square);
        List<double[]> parts = new ArrayList<>();
        for (int i = 0; i < clipped.getNumGeometries(); i++) {
            if (clipped.getGeometryN(i) instanceof Polygon part && !part.isEmpty()) {
                parts.add(shifted(part.getExteriorRing().getCoordinates(), left, top));
            }
        }
        return parts;
    }

    /** Returns the ring without its closing point. */
    private static double[] shifted(Coordinate[] ring, double left, double top) {
        double[] part = new double[2 * (ring.length - 1)];
        for (int i = 0; i < ring.length - 1; i++) {
            part[2 * i] = ring[i].x - left;
            part[2 * i + 1] = ring[i].y - top;
        }
        return part;
    }

    /** Returns the area of a polygon without self-intersections, using the shoelace formula. */
    static double area(double[] polygon) {
        double twice = 0;
        for (int i = 0; i < polygon.length; i += 2) {
            int next = (i + 2) % polygon.length;
            twice += polygon[i] * polygon[next + 1] - polygon[next] * polygon[i + 1];
        }
        return Math.abs(twice) / 2;
    }
}
