package io.github.hiera4j.train.quickstart;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;

/** Two-coloured patterns of which each colour covers half, so that colours say nothing about the pattern. */
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
            double cell = period / 1.6;
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
    DOTS {
        @Override
        void draw(Graphics2D g, double reach, double period) {
            double radius = period / Math.sqrt(2 * Math.PI);
            for (double y = -reach; y < reach; y += period) {
                for (double x = -reach; x < reach; x += period) {
                    g.fill(new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius));
                }
            }
        }
    };

    /** Draws the pattern's second colour about the origin, as far as {@code reach}. */
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
