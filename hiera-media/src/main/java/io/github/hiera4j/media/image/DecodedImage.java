package io.github.hiera4j.media.image;

import io.github.hiera4j.media.Rgb8Image;
import java.util.List;

/**
 * A decoded image and warnings about the file.
 *
 * @param image the pixels
 * @param warnings one line for each fault in the file that did not prevent decoding; empty for an intact file
 */
public record DecodedImage(Rgb8Image image, List<String> warnings) {
    /**
     * Copies the list.
     *
     * @param image the pixels
     * @param warnings one line for each fault in the file that did not prevent decoding; empty for an intact file
     */
    public DecodedImage {
        warnings = List.copyOf(warnings);
    }
}
