package io.github.hiera4j.train.page;

import io.github.hiera4j.media.Rgb8Image;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * A picture with a caption.
 *
 * @param image the pixels; they are embedded in the page
 * @param description of the content, for screen readers
 * @param mark whether a prediction is right or wrong, or there is none
 * @param caption lines below the picture
 */
public record Picture(Rgb8Image image, String description, Mark mark, List<String> caption) {
    private static final int SMALL =
            128; // pictures up to this side are enlarged without smoothing and stored losslessly

    /** The mark of a prediction, shown as a symbol and a word, not only by colour. */
    public enum Mark {
        /** There is no prediction. */
        NONE,
        /** The prediction is right. */
        RIGHT,
        /** The prediction is wrong. */
        WRONG
    }

    /**
     * {@return a picture without a prediction}
     *
     * @param image the picture
     * @param description alternative text
     * @param caption shown below it
     */
    public static Picture of(Rgb8Image image, String description, String caption) {
        return new Picture(image, description, Mark.NONE, List.of(caption));
    }

    String markup() {
        boolean small = Math.max(image.width(), image.height()) <= SMALL;
        StringBuilder out = new StringBuilder("<figure><img")
                .append(small ? " class='small'" : "")
                .append(Markup.format(
                        " width='%d' height='%d' alt='%s' src='data:image/%s;base64,",
                        image.width(), image.height(), Markup.escape(description), small ? "png" : "jpeg"))
                .append(Base64.getEncoder().encodeToString(encoded(small ? "png" : "jpg")))
                .append("'><figcaption>");
        switch (mark) {
            case RIGHT -> out.append("<span class='mark right'>✓ right</span><br>");
            case WRONG -> out.append("<span class='mark wrong'>✗ wrong</span><br>");
            case NONE -> {}
        }
        out.append(String.join(
                "<br>",
                caption.stream()
                        .map(line -> Markup.escape(line).replace(" %", "&nbsp;%"))
                        .toList()));
        return out.append("</figcaption></figure>").toString();
    }

    private byte[] encoded(String format) {
        BufferedImage picture = new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < image.width(); x++) {
                picture.setRGB(x, y, image.sample(x, y, 0) << 16 | image.sample(x, y, 1) << 8 | image.sample(x, y, 2));
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(picture, format, bytes);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        return bytes.toByteArray();
    }
}
