package io.github.hiera4j.detect.picture;

import io.github.hiera4j.media.Rgb8Image;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.List;

/** Precision over recall as a picture. */
public final class CurvePicture {
    private static final int SIDE = 300;
    private static final int MARGIN = 34;
    private static final List<Color> COLOURS =
            List.of(new Color(0x1f77b4), new Color(0xd95f02), new Color(0x2ca02c), new Color(0x9467bd));

    private CurvePicture() {}

    /**
     * {@return curves as a picture}
     *
     * @param curves values from 0 to 1 at evenly spaced recalls from 0 to 1
     */
    public static Rgb8Image of(List<double[]> curves) {
        BufferedImage image = new BufferedImage(SIDE + 2 * MARGIN, SIDE + 2 * MARGIN, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, image.getWidth(), image.getHeight());
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
        for (int tenth = 0; tenth <= 10; tenth += 2) {
            int x = MARGIN + SIDE * tenth / 10;
            int y = MARGIN + SIDE - SIDE * tenth / 10;
            g.setColor(new Color(0xdddddd));
            g.drawLine(MARGIN, y, MARGIN + SIDE, y);
            g.drawLine(x, MARGIN, x, MARGIN + SIDE);
            g.setColor(Color.DARK_GRAY);
            g.drawString("0." + tenth % 10, 8, y + 4);
            g.drawString(tenth == 10 ? "1.0" : "0." + tenth, x - 8, MARGIN + SIDE + 16);
        }
        g.drawString("recall", MARGIN + SIDE / 2 - 15, MARGIN + SIDE + 30);
        g.drawString("precision", 4, MARGIN - 12);
        g.setStroke(new BasicStroke(2));
        for (int i = 0; i < curves.size(); i++) {
            g.setColor(COLOURS.get(i % COLOURS.size()));
            g.draw(path(curves.get(i)));
        }
        g.dispose();
        return DetectionPicture.of(image);
    }

    private static Path2D path(double[] curve) {
        Path2D path = new Path2D.Double();
        for (int i = 0; i < curve.length; i++) {
            double x = MARGIN + (double) SIDE * i / (curve.length - 1);
            double y = MARGIN + SIDE * (1 - curve[i]);
            if (i == 0) {
                path.moveTo(x, y);
            } else {
                path.lineTo(x, y);
            }
        }
        return path;
    }
}
