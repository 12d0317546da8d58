package io.github.hiera4j.detect.network;

import static io.github.hiera4j.model.Check.check;

/**
 * The conversion of an image to the network's input.
 *
 * @param shortest length of the shorter side after resizing, in pixels
 * @param longest maximum length of the longer side, in pixels
 * @param square whether every image is padded to {@code longest × longest} at the bottom and right (ViTDet); otherwise each image is
 *     padded to the next multiple of {@link Trunk#multiple()} along each axis (torchvision, Detectron2 without a square)
 * @param filtered whether bytes are resized with an antialiasing filter before normalisation (Detectron2); otherwise normalised
 *     values are interpolated without a filter (torchvision)
 */
public record InputRules(int shortest, int longest, boolean square, boolean filtered) {
    /** Detectron2's configuration of ViTDet. */
    static final InputRules DETECTRON2 = new InputRules(1024, 1024, true, true);

    /** torchvision's default constructor arguments. */
    static final InputRules TORCHVISION = new InputRules(800, 1333, false, false);

    private static final int LARGEST = 1 << 14;

    /**
     * Checks the values.
     *
     * @param shortest length of the shorter side after resizing, in pixels
     * @param longest maximum length of the longer side, in pixels
     * @param square whether every image is padded to {@code longest × longest} at the bottom and right (ViTDet); otherwise each image is
     *     padded to the next multiple of {@link Trunk#multiple()} along each axis (torchvision, Detectron2 without a square)
     * @param filtered whether bytes are resized with an antialiasing filter before normalisation (Detectron2); otherwise normalised
     *     values are interpolated without a filter (torchvision)
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public InputRules {
        check(
                shortest >= 1 && longest >= shortest && longest <= LARGEST,
                "sides must be 1 to %d pixels, the shorter at most the longer, got %d and %d",
                LARGEST,
                shortest,
                longest);
    }

    /** Returns the same rules with padding to a square. */
    InputRules squared() {
        return new InputRules(shortest, longest, true, filtered);
    }
}
