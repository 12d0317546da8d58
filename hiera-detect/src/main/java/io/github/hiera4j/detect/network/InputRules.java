package io.github.hiera4j.detect.network;

import static io.github.hiera4j.model.Check.check;

/**
 * How a picture becomes the network's input.
 *
 * @param shortest length of the shorter side after resizing, in pixels
 * @param longest length that the longer side does not exceed
 * @param square pads every picture to {@code longest × longest} at the bottom and right (ViTDet); otherwise each picture is
 *     padded to the next multiple of {@link Trunk#multiple()} along each axis (torchvision, Detectron2 without a square)
 * @param filtered resizes the bytes with an antialiasing filter before they are normalised (Detectron2); otherwise normalised
 *     numbers are interpolated without one (torchvision)
 */
public record InputRules(int shortest, int longest, boolean square, boolean filtered) {
    /** Detectron2's configuration of ViTDet. */
    static final InputRules DETECTRON2 = new InputRules(1024, 1024, true, true);

    /** torchvision's constructor arguments. */
    static final InputRules TORCHVISION = new InputRules(800, 1333, false, false);

    private static final int LARGEST = 1 << 14;

    /**
     * Checks the values.
     *
     * @param shortest length of the shorter side after resizing, in pixels
     * @param longest length that the longer side does not exceed
     * @param square pads every picture to {@code longest × longest} at the bottom and right (ViTDet); otherwise each picture is
     *     padded to the next multiple of {@link Trunk#multiple()} along each axis (torchvision, Detectron2 without a square)
     * @param filtered resizes the bytes with an antialiasing filter before they are normalised (Detectron2); otherwise normalised
     *     numbers are interpolated without one (torchvision)
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public InputRules {
        check(
                shortest >= 1 && longest >= shortest && longest <= LARGEST,
                "sides must be 1 to %d pixels, the shorter not above the longer, got %d and %d",
                LARGEST,
                shortest,
                longest);
    }

    /** The same, padded to a square. */
    InputRules squared() {
        return new InputRules(shortest, longest, true, filtered);
    }
}
