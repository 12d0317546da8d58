package io.github.hiera4j.detect.train.quickstart;

import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.List;

/** The classes of rendered scenes; each outline fits a circle of diameter 1 around the origin. */
enum SceneShape {
    DISC,
    SQUARE,
    TRIANGLE,
    STAR;

    static final List<SceneShape> ALL = List.of(values());

    /** {@return the category id in annotation files, from 1} */
    int category() {
        return ALL.indexOf(this) + 1;
    }

    /** Returns the outline at a position, rotated by an angle in radians. */
    Shape at(double x, double y, double size, double turn) {
        AffineTransform place = AffineTransform.getTranslateInstance(x, y);
        place.rotate(turn);
        place.scale(size, size);
        return place.createTransformedShape(outline());
    }

    private Shape outline() {
        return switch (this) {
            case DISC -> new Ellipse2D.Double(-.5, -.5, 1, 1);
            case SQUARE -> new Rectangle2D.Double(-.4, -.4, .8, .8);
            case TRIANGLE -> polygon(3, 1);
            case STAR -> polygon(5, .42);
        };
    }

    /** Returns a polygon with corners on the circle and, if {@code inner} is below 1, inner corners at that share of the radius. */
    private static Shape polygon(int corners, double inner) {
        Path2D path = new Path2D.Double();
        int points = inner < 1 ? 2 * corners : corners;
        for (int i = 0; i < points; i++) {
            double radius = .5 * (inner < 1 && i % 2 == 1 ? inner : 1);
            double angle = 2 * Math.PI * i / points - Math.PI / 2;
            if (i == 0) {
                path.moveTo(radius * Math.cos(angle), radius * Math.sin(angle));
            } else {
                path.lineTo(radius * Math.cos(angle), radius * Math.sin(angle));
            }
        }
        path.closePath();
        return path;
    }
}
