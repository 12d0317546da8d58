package io.github.hiera4j.api.insight.picture;

import io.github.hiera4j.media.Rgb8Image;
import org.jspecify.annotations.Nullable;

/**
 * A picture with a title.
 *
 * @param title a few words about the content
 * @param picture the picture
 * @param scale the scale of its colours; null if they are the picture's own
 */
public record Panel(
        String title, Rgb8Image picture, @Nullable Scale scale) {
    /**
     * Creates a panel whose colours are the picture's own.
     *
     * @param title a few words about the content
     * @param picture the picture
     */
    public Panel(String title, Rgb8Image picture) {
        this(title, picture, null);
    }
}
