package io.github.hiera4j.train.quickstart;

import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.List;

/** Outlines of equal area, so that the size gives no information about the shape. */
enum Outline {
    DISC {
        @Override
        Shape unit() {
            return ellipse(1, 1);
        }
    },
    TALL {
        @Override
        Shape unit() {
            return ellipse(1 / Math.sqrt(ELONGATION), Math.sqrt(ELONGATION));
        }
    },
    WIDE {
        @Override
        Shape unit() {
            return ellipse(Math.sqrt(ELONGATION), 1 / Math.sqrt(ELONGATION));
        }
    },
    SQUARE {
        @Override
        Shape unit() {
            return new Rectangle2D.Double(-0.5, -0.5, 1, 1);
        }
    },
    TRIANGLE {
        @Override
        Shape unit() {
            double side = Math.sqrt(4 / Math.sqrt(3));
            return polygon(3, side / Math.sqrt(3), 0);
        }
    },
    CROSS {
        @Override
        Shape unit() {
            double arm = 1 / Math.sqrt(5);
            Area area = new Area(new Rectangle2D.Double(-1.5 * arm, -arm / 2, 3 * arm, arm));
            area.add(new Area(new Rectangle2D.Double(-arm / 2, -1.5 * arm, arm, 3 * arm)));
            return area;
        }
    };

    private static final double ELONGATION = 2.2;

    static final List<Outline> ALL = List.of(values());

    /** The outlines whose rotation is visible. */
    static final List<Outline> ANGULAR = List.of(TALL, TRIANGLE);

    /** Returns the outline about the origin, with area 1. */
    abstract Shape unit();

    /** Returns the outline about a point, with a given side (the square root of its area), rotated by an angle in radians. */
    Shape at(double x, double y, double side, double angle) {
        AffineTransform place = AffineTransform.getTranslateInstance(x, y);
        place.rotate(angle);
        place.scale(side, side);
        return place.createTransformedShape(unit());
    }

    private static Shape ellipse(double width, double height) {
        double radius = 1 / Math.sqrt(Math.PI);
        return new Ellipse2D.Double(-radius * width, -radius * height, 2 * radius * width, 2 * radius * height);
    }

    private static Shape polygon(int corners, double radius, double turn) {
        Path2D path = new Path2D.Double();
        for (int corner = 0; corner < corners; corner++) {
            double angle = turn + 2 * Math.PI * corner / corners;
            double x = radius * Math.cos(angle);
            double y = radius * Math.sin(angle);
            if (corner == 0) {
                path.moveTo(x, y);
            } else {
                path.lineTo(x, y);
            }
        }
        path.closePath();
        return path;
    }
}
