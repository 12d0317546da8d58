package io.github.hiera4j.media.image;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.image.internal.HeaderBytes;
import io.github.hiera4j.media.image.internal.JpegColour;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes JPEG files that are known to be damaged, without output on standard error.
 *
 * <p>OpenCV does not suppress libjpeg's messages, which do not identify the file. The JDK has its own libjpeg, whose messages go to a
 * listener. Some JDKs are built with libjpeg-turbo, like OpenCV: the pixels are the same even after damage. Others have libjpeg 6b, which
 * reads some damaged data differently: then nothing is returned, and OpenCV decodes the file. The same applies to truncated files, which
 * the JDK pads with grey, and to progressive files without some of their scans, which the two smooth differently.
 */
final class DamagedJpeg {
    private static final int COEFFICIENTS = 64;
    private static final int MOST_COMPONENTS = 4;
    private static final int MOST_SCANS = 500;
    private static final int START_OF_SCAN = 0xda;
    private static final int RESTART_INTERVAL = 0xdd;

    /** An image of 8 × 8 grey pixels with a flipped bit, which the two libraries decode differently. */
    private static final String DAMAGED = ""
            + "/9j/4AAQSkZJRgABAgAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAx"
            + "NDQ0Hyc5PTgyPC4zNDL/wAALCAAIAAgBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUF"
            + "BAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVW"
            + "V1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi"
            + "4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/AKev2F3eX0ULPaTjVliaOZSZLWFsyEmMjjduZEAM5342tkFv/9k=";

    /** CRC-32 of the pixels decoded by OpenCV. */
    private static final long PIXELS = 978892457L;

    private DamagedJpeg() {}

    /** {@return whether the JDK's decoder reads damaged data like OpenCV} */
    static boolean isLikeOpenCv() {
        return LikeOpenCv.VALUE;
    }

    /** Determined when a damaged file is first decoded. */
    private static final class LikeOpenCv {
        static final boolean VALUE = read(Base64.getDecoder().decode(DAMAGED))
                .map(picture -> crc(picture) == PIXELS)
                .orElse(false);

        private static long crc(Rgb8Image picture) {
            CRC32 crc = new CRC32();
            crc.update(picture.bytes());
            return crc.getValue();
        }
    }

    /**
     * Decodes the image as stored.
     *
     * @param file a whole file
     * @return the image; empty if the JDK rejects the file or might decode it differently
     */
    static Optional<Rgb8Image> decode(byte[] file) {
        return isLikeOpenCv() && hasEveryScan(file) ? read(endedAfterOnlyScan(file)) : Optional.empty();
    }

    private static Optional<Rgb8Image> read(byte[] file) {
        Iterator<javax.imageio.ImageReader> readers = ImageIO.getImageReadersByFormatName("jpeg");
        while (readers.hasNext()) {
            javax.imageio.ImageReader reader = readers.next();
            AtomicBoolean cutShort = new AtomicBoolean();
            try (MemoryCacheImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
                if (reader.canReadRaster()) {
                    reader.addIIOReadWarningListener((source, warning) -> {
                        if (warning.startsWith("Truncated")) {
                            cutShort.set(true);
                        }
                    });
                    reader.setInput(in, true, true);
                    Raster raster = reader.readRaster(0, null);
                    return cutShort.get() ? Optional.empty() : rgb(raster, file);
                }
            } catch (IOException | RuntimeException refused) {
                return Optional.empty();
            } finally {
                reader.dispose();
            }
        }
        return Optional.empty();
    }

    private static Optional<Rgb8Image> rgb(Raster raster, byte[] file) {
        int bands = raster.getNumBands();
        if (bands != 1 && bands != Rgb8Image.CHANNELS) {
            return Optional.empty();
        }
        boolean chroma = bands > 1 && JpegHeader.hasChroma(new HeaderBytes("", file, ByteOrder.BIG_ENDIAN));
        int width = raster.getWidth();
        int height = raster.getHeight();
        byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, height), Rgb8Image.CHANNELS)];
        int[] row = new int[width * bands];
        int to = 0;
        for (int y = 0; y < height; y++) {
            raster.getPixels(0, y, width, 1, row);
            for (int at = 0; at < row.length; at += bands) {
                if (chroma) {
                    JpegColour.toRgb(row, at);
                }
                for (int channel = 0; channel < Rgb8Image.CHANNELS; channel++) {
                    rgb[to++] = (byte) row[bands == 1 ? at : at + channel];
                }
            }
        }
        return Optional.of(Rgb8Image.wrap(width, height, rgb));
    }

    /**
     * Returns the file with an end marker in place of the first marker in the data of its only scan. Decoding stops there regardless of
     * the marker, and the image is then complete, but the JDK would reject invalid data after it. If markers divide the data, or if there
     * are several scans, the file is returned unchanged.
     */
    private static byte[] endedAfterOnlyScan(byte[] file) {
        int components = 0;
        int at = 2;
        while (at + 4 < file.length && file[at] == (byte) 0xff) {
            int marker = file[at + 1] & 0xff;
            int next = at + 2 + (((file[at + 2] & 0xff) << 8) | (file[at + 3] & 0xff));
            if (marker == RESTART_INTERVAL) {
                return file;
            } else if ((marker == 0xc0 || marker == 0xc1) && at + 9 < file.length) {
                components = file[at + 9] & 0xff;
            } else if (marker == START_OF_SCAN) {
                return components > 0 && components == file[at + 4] ? endedAtMarker(file, next) : file;
            }
            at = next;
        }
        return file;
    }

    private static byte[] endedAtMarker(byte[] file, int from) {
        for (int at = from; at + 1 < file.length; at++) {
            int marker = file[at + 1] & 0xff;
            boolean restart = marker >= 0xd0 && marker <= 0xd7;
            if (file[at] == (byte) 0xff && marker != 0 && marker != 0xff && !restart) {
                byte[] ended = file.clone();
                ended[at + 1] = (byte) 0xd9;
                return ended;
            }
        }
        return file;
    }

    /** Returns whether the scans of a file contain every bit of every coefficient. In a damaged file, a scan may be lost. */
    private static boolean hasEveryScan(byte[] file) {
        int[][] missing = null; // bits, by component and coefficient
        int[] identifiers = new int[0];
        int scans = 0;
        for (int at = 2; at + 4 < file.length; at++) {
            int marker = file[at + 1] & 0xff;
            if (file[at] != (byte) 0xff || marker == 0 || marker == 0xff) {
                continue;
            }
            int content = at + 4;
            if (marker == 0xc2 && missing == null && content + 5 < file.length) {
                identifiers = new int[Math.min(MOST_COMPONENTS, file[content + 5] & 0xff)];
                missing = new int[identifiers.length][COEFFICIENTS];
                for (int i = 0; i < identifiers.length && content + 6 + 3 * i < file.length; i++) {
                    identifiers[i] = file[content + 6 + 3 * i] & 0xff;
                    Arrays.fill(missing[i], Integer.MAX_VALUE);
                }
            } else if (marker == START_OF_SCAN && missing != null) {
                if (++scans > MOST_SCANS) {
                    return false;
                }
                noteScan(file, content, identifiers, missing);
            }
        }
        return missing == null
                || Arrays.stream(missing).flatMapToInt(Arrays::stream).allMatch(bits -> bits == 0);
    }

    private static void noteScan(byte[] file, int at, int[] identifiers, int[][] missing) {
        int count = Math.min(MOST_COMPONENTS, file[at] & 0xff);
        int parameters = at + 1 + 2 * count;
        if (parameters + 2 >= file.length) {
            return;
        }
        int first = file[parameters] & 0xff;
        int last = Math.min(file[parameters + 1] & 0xff, COEFFICIENTS - 1);
        int bits = file[parameters + 2] & 15;
        for (int i = 0; i < count; i++) {
            for (int component = 0; component < identifiers.length; component++) {
                if (identifiers[component] == (file[at + 1 + 2 * i] & 0xff)) {
                    for (int coefficient = first; coefficient <= last; coefficient++) {
                        missing[component][coefficient] = Math.min(missing[component][coefficient], bits);
                    }
                }
            }
        }
    }
}
