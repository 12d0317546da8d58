package io.github.hiera4j.train.quickstart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Arc2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.util.List;

/** Patterns of two colours that cover half of the area each, so that the colours give no information about the pattern. */
enum Texture {
    STRIPES {
        @Override
        void draw(Graphics2D g, double reach, double period) {
            for (double x = -reach; x < reach; x += period) {
                g.fill(new Rectangle2D.Double(x, -reach, period / 2, 2 * reach));
            }
        }
    },
    CHECKS {
        @Override
        void draw(Graphics2D g, double reach, double period) {
            double cell = period / 2;
            int cells = (int) Math.ceil(reach / cell);
            for (int row = -cells; row < cells; row++) {
                for (int column = -cells; column < cells; column++) {
                    if (((row + column) & 1) == 0) {
                        g.fill(new Rectangle2D.Double(column * cell, row * cell, cell, cell));
                    }
                }
            }
        }
    },
    RINGS {
        @Override
        void draw(Graphics2D g, double reach, double period) {
            g.setStroke(new BasicStroke((float) (period / 2)));
            for (double radius = period / 2; radius < 1.5 * reach; radius += period) {
                g.draw(new Ellipse2D.Double(-radius, -radius, 2 * radius, 2 * radius));
            }
        }
    },
    SPOKES {
        @Override
        void draw(Graphics2D g, double reach, double period) {
            for (int sector = 0; sector < 360; sector += 60) {
                g.fill(new Arc2D.Double(-2 * reach, -2 * reach, 4 * reach, 4 * reach, sector, 30, Arc2D.PIE));
            }
        }
    },
    SPLIT {
        @Override
        void draw(Graphics2D g, double reach, double period) {
            g.fill(new Rectangle2D.Double(-reach, 0, 2 * reach, reach));
        }
    };

    static final List<Texture> ALL = List.of(values());

    /** Draws the pattern's second colour about the origin, up to a distance {@code reach}. */
    abstract void draw(Graphics2D g, double reach, double period);

    /** Fills an outline. */
    void fill(Graphics2D g, Shape outline, Color first, Color second, double period, double angle) {
        Rectangle bounds = outline.getBounds();
        Shape clip = g.getClip();
        AffineTransform place = g.getTransform();
        g.setColor(first);
        g.fill(outline);
        g.clip(outline);
        g.translate(bounds.getCenterX(), bounds.getCenterY());
        g.rotate(angle);
        g.setColor(second);
        draw(g, Math.max(bounds.width, bounds.height), period);
        g.setTransform(place);
        g.setClip(clip);
    }
}
