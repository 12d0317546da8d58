package io.github.hiera4j.media.image;

import io.github.hiera4j.media.Rgb8Image;
import java.util.List;

/**
 * A decoded picture and what its user should know about the file.
 *
 * @param image the pixels
 * @param warnings one line for each fault of the file that did not keep it from being decoded; empty for a sound file
 */
public record DecodedImage(Rgb8Image image, List<String> warnings) {
    /**
     * Copies the list.
     *
     * @param image the pixels
     * @param warnings one line for each fault of the file that did not keep it from being decoded; empty for a sound file
     */
    public DecodedImage {
        warnings = List.copyOf(warnings);
    }
}
