package io.github.hiera4j.media.image;

import io.github.hiera4j.media.MediaMemory;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.DamagedFileException;
import io.github.hiera4j.model.UnsupportedException;
import io.github.hiera4j.natives.NativeDefaults;
import java.nio.ShortBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.ShortPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * The only access to OpenCV: decodes compressed bytes to pixels. All native memory is released before a method returns.
 */
public final class OpenCvDecoder {
    private static final int COLOUR = opencv_imgcodecs.IMREAD_COLOR_RGB | opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION;
    /** The flag for half size; shifted by one it means a quarter, shifted by two an eighth. */
    private static final int REDUCED = opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_2;

    private static final int AS_STORED = opencv_imgcodecs.IMREAD_UNCHANGED | opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION;

    static {
        NativeDefaults.load(opencv_imgcodecs.class);
        opencv_core.setNumThreads(
                1); // callers decode many files in parallel, so a thread pool in each decoder would only interfere
    }

    private OpenCvDecoder() {}

    /** Loads the library unless it is already loaded. */
    public static void load() {
        opencv_imgcodecs.haveImageWriter(".jpg"); // any function loads it
    }

    /** Decodes to 8-bit RGB as stored, not rotated upright; drops alpha and keeps the high byte of 16-bit colour. */
    static Rgb8Image colour(byte[] compressed, String name) {
        return colour(compressed, name, COLOUR);
    }

    /**
     * Decodes a JPEG file at half, a quarter or an eighth of its size, which the decoder computes from fewer frequencies.
     *
     * @param factor 2, 4 or 8
     */
    static Rgb8Image reducedJpeg(byte[] compressed, String name, int factor) {
        return colour(compressed, name, COLOUR | (REDUCED << (Integer.numberOfTrailingZeros(factor) - 1)));
    }

    /** Checks that the file can be decoded to its end; a JPEG file is decoded at an eighth of its size. */
    static void requireDecodable(byte[] compressed, String name) {
        colour(compressed, name, COLOUR | (REDUCED << 2));
    }

    private static Rgb8Image colour(byte[] compressed, String name, int flags) {
        try (MediaMemory.Lease input = MediaMemory.lease(compressed.length);
                BytePointer bytes = new BytePointer(compressed);
                Mat source = new Mat(1, compressed.length, opencv_core.CV_8UC1, bytes);
                Mat picture = decode(source, flags, name);
                MediaMemory.Lease output = MediaMemory.lease(sizeOf(picture))) {
            requireType(picture, opencv_core.CV_8UC3, name);
            byte[] rgb = new byte[Math.toIntExact(sizeOf(picture))];
            picture.data().get(rgb);
            return Rgb8Image.wrap(picture.cols(), picture.rows(), rgb);
        }
    }

    /** Decodes to 16-bit grey, row-major, as stored. */
    static Grey16 grey16(byte[] compressed, String name) {
        try (MediaMemory.Lease input = MediaMemory.lease(compressed.length);
                BytePointer bytes = new BytePointer(compressed);
                Mat source = new Mat(1, compressed.length, opencv_core.CV_8UC1, bytes);
                Mat picture = decode(source, AS_STORED, name);
                MediaMemory.Lease output = MediaMemory.lease(sizeOf(picture))) {
            requireType(picture, opencv_core.CV_16UC1, name);
            short[] samples = new short[Math.toIntExact(sizeOf(picture) / Short.BYTES)];
            try (ShortPointer data = new ShortPointer(picture.data())) {
                data.get(samples);
            }
            return new Grey16(picture.cols(), picture.rows(), ShortBuffer.wrap(samples));
        }
    }

    /** Samples of 0 to 65535, stored in signed shorts. */
    record Grey16(int width, int height, ShortBuffer samples) {}

    private static Mat decode(Mat source, int flags, String name) {
        Mat picture;
        try {
            picture = opencv_imgcodecs.imdecode(source, flags);
        } catch (RuntimeException e) {
            throw new DamagedFileException(damaged(name), e);
        }
        if (picture.empty()) {
            picture.close();
            throw new DamagedFileException(damaged(name));
        }
        return picture;
    }

    private static void requireType(Mat picture, int type, String name) {
        if (picture.type() != type || !picture.isContinuous()) {
            throw new UnsupportedException(
                    name + ": pixels of an unexpected kind (OpenCV type " + picture.type() + ")");
        }
    }

    private static long sizeOf(Mat picture) {
        return picture.total() * picture.elemSize();
    }

    private static String damaged(String name) {
        return name + ": cannot be decoded: the image is damaged or cut short; copy or export it again";
    }
}
