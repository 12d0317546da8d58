package io.github.hiera4j.api.insight.picture;

import io.github.hiera4j.media.Rgb8Image;
import org.jspecify.annotations.Nullable;

/**
 * A picture with a title.
 *
 * @param title what it shows, a few words
 * @param picture the picture
 * @param scale what its colours mean; null where they are the picture's own
 */
public record Panel(
        String title, Rgb8Image picture, @Nullable Scale scale) {
    /**
     * A panel whose colours are the picture's own.
     *
     * @param title what it shows
     * @param picture the picture
     */
    public Panel(String title, Rgb8Image picture) {
        this(title, picture, null);
    }
}
