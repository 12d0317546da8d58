package io.github.hiera4j.media;

import static io.github.hiera4j.model.Check.check;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * An image of 8-bit RGB pixels in Java memory: rows from the top, pixels from the left, bytes red, green, blue.
 *
 * <p>Immutable and safe to share between threads.
 */
public final class Rgb8Image {
    /** Red, green and blue. */
    public static final int CHANNELS = 3;

    private final int width;
    private final int height;
    private final byte[] rgb;

    private Rgb8Image(int width, int height, byte[] rgb, int available) {
        check(width > 0 && height > 0, "an image needs at least one pixel, got %d x %d", width, height);
        long needed = (long) width * height * CHANNELS;
        check(needed <= Integer.MAX_VALUE - 8, "an image of %d x %d pixels is larger than 2 GiB", width, height);
        check(available == needed, "an image of %d x %d needs %d bytes, got %d", width, height, needed, available);
        this.width = width;
        this.height = height;
        this.rgb = rgb;
    }

    /**
     * Copies the pixels.
     *
     * @param width in pixels
     * @param height in pixels
     * @param rgb {@code height * width * 3} bytes
     */
    public Rgb8Image(int width, int height, byte[] rgb) {
        this(width, height, rgb.clone(), rgb.length);
    }

    /**
     * Copies the pixels starting at the buffer's position, which remains unchanged.
     *
     * @param width in pixels
     * @param height in pixels
     * @param rgb exactly {@code height * width * 3} remaining bytes
     */
    public Rgb8Image(int width, int height, ByteBuffer rgb) {
        this(width, height, copy(rgb), rgb.remaining());
    }

    /**
     * Wraps the array without copying it: the caller must not write to it again.
     *
     * @param width in pixels
     * @param height in pixels
     * @param rgb red, green and blue of each pixel, row by row
     * @return the picture
     */
    public static Rgb8Image wrap(int width, int height, byte[] rgb) {
        return new Rgb8Image(width, height, rgb, rgb.length);
    }

    /** {@return the number of columns} */
    public int width() {
        return width;
    }

    /** {@return the number of rows} */
    public int height() {
        return height;
    }

    /** {@return the pixels as a read-only view, {@code [height, width, 3]}} */
    public ByteBuffer rgb() {
        return ByteBuffer.wrap(rgb).asReadOnlyBuffer();
    }

    /** {@return a copy of the pixels, {@code [height, width, 3]}} */
    public byte[] toByteArray() {
        return rgb.clone();
    }

    /**
     * {@return one sample, 0 to 255}
     *
     * @param x the column, from 0
     * @param y the row, from 0
     * @param channel 0 red, 1 green, 2 blue
     */
    public int sample(int x, int y, int channel) {
        check(
                x >= 0 && x < width && y >= 0 && y < height && channel >= 0 && channel < CHANNELS,
                "no sample (%d, %d, %d) in an image of %d x %d",
                x,
                y,
                channel,
                width,
                height);
        return rgb[(y * width + x) * CHANNELS + channel] & 0xff;
    }

    /** {@return the pixel array itself, for the inner loops of this package; it must not be modified} */
    public byte[] bytes() {
        return rgb;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Rgb8Image that
                && width == that.width
                && height == that.height
                && Arrays.equals(rgb, that.rgb);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * width + height) + Arrays.hashCode(rgb);
    }

    @Override
    public String toString() {
        return "RGB image " + width + " x " + height;
    }

    private static byte[] copy(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }
}
