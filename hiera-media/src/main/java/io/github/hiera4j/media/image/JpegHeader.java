package io.github.hiera4j.media.image;

import io.github.hiera4j.media.Orientation;
import io.github.hiera4j.media.image.internal.HeaderBytes;
import java.nio.ByteOrder;

/** The marker segments of a JPEG file up to its first scan: size, number of components, EXIF orientation. */
public final class JpegHeader {
    private static final int START_OF_SCAN = 0xda;
    private static final int END_OF_IMAGE = 0xd9;
    private static final int MOST_COMPONENTS = 4;
    private static final int APP0 = 0xe0;
    private static final int APP1 = 0xe1;
    private static final int APP14 = 0xee;

    /** The colour transform in an Adobe marker for four components stored as luma, chroma and black. */
    static final int ADOBE_YCCK = 2;

    private int width;
    private int height;
    private int components;
    private Orientation orientation = Orientation.UPRIGHT;
    private boolean jfif;
    private boolean adobe;
    private int adobeTransform;
    private boolean namedRgb; // the component ids are R, G and B
    private boolean severalScans; // then a decoder keeps all coefficients in memory
    private long coefficients; // size in bytes

    private JpegHeader() {}

    static ImageHeader parse(HeaderBytes bytes) {
        JpegHeader header = read(bytes);
        ImageHeader.Samples samples = header.components == 4 ? ImageHeader.Samples.CMYK_JPEG : ImageHeader.Samples.JPEG;
        return new ImageHeader(
                header.width,
                header.height,
                samples,
                header.orientation,
                header.severalScans ? header.coefficients : 0);
    }

    /** Returns the colour transform of the Adobe marker; 0 if there is none. */
    static int adobeTransform(HeaderBytes bytes) {
        return read(bytes).adobeTransform;
    }

    /** Returns whether three components are luma and chroma, by the rules of libjpeg; otherwise they are red, green and blue. */
    static boolean hasChroma(HeaderBytes bytes) {
        JpegHeader header = read(bytes);
        if (header.jfif) {
            return true;
        }
        return header.adobe ? header.adobeTransform != 0 : !header.namedRgb;
    }

    private static JpegHeader read(HeaderBytes bytes) {
        JpegHeader header = new JpegHeader();
        int at = 2;
        while (true) {
            if (bytes.unsignedByte(at) != 0xff) {
                throw bytes.damaged("no JPEG marker at byte " + at);
            }
            int marker = bytes.unsignedByte(at + 1);
            if (marker == 0xff) { // fill byte
                at++;
                continue;
            }
            if (marker == START_OF_SCAN || marker == END_OF_IMAGE) {
                header.severalScans |= marker == START_OF_SCAN && bytes.unsignedByte(at + 4) < header.components;
                break;
            }
            int length = bytes.unsignedShort(at + 2);
            header.readSegment(bytes, marker, at + 4, length - 2);
            at += 2 + length;
        }
        if (header.components == 0) {
            throw bytes.damaged("a JPEG file without a frame header");
        }
        return header;
    }

    private void readSegment(HeaderBytes bytes, int marker, int at, int length) {
        if (isFrameHeader(marker)) {
            if (bytes.unsignedByte(at) != 8) {
                throw bytes.unsupported("a JPEG image of " + bytes.unsignedByte(at) + " bits per sample");
            }
            height = bytes.unsignedShort(at + 1);
            width = bytes.unsignedShort(at + 3);
            components = bytes.unsignedByte(at + 5);
            if (components > MOST_COMPONENTS) {
                throw bytes.unsupported("a JPEG image of " + components + " components");
            }
            severalScans = (marker & 3) == 2; // progressive
            coefficients = coefficientBytes(bytes, at + 6);
            namedRgb = components == 3
                    && bytes.unsignedByte(at + 6) == 'R'
                    && bytes.unsignedByte(at + 9) == 'G'
                    && bytes.unsignedByte(at + 12) == 'B';
        } else if (marker == APP0 && length >= 14 && bytes.hasText(at, "JFIF\0")) {
            jfif = true;
        } else if (marker == APP1 && length > 6 && bytes.hasText(at, "Exif\0\0") && at + length <= bytes.length()) {
            orientation = TiffHeader.exifOrientation(bytes.slice(at + 6L, length - 6L, ByteOrder.BIG_ENDIAN));
        } else if (marker == APP14 && length >= 12 && bytes.hasText(at, "Adobe")) {
            adobe = true;
            adobeTransform = bytes.unsignedByte(at + 11);
        }
    }

    /** Returns two bytes for each sample of each component; some components have fewer rows and columns. */
    private long coefficientBytes(HeaderBytes bytes, int at) {
        long[] areas = new long[components];
        long largest = 1;
        for (int i = 0; i < components; i++) {
            int sampling = bytes.unsignedByte(at + 3L * i + 1);
            areas[i] = (long) (sampling >> 4) * (sampling & 15);
            largest = Math.max(largest, areas[i]);
        }
        long samples = 0;
        for (long area : areas) {
            samples += (long) width * height * area / largest;
        }
        return 2 * samples;
    }

    /** Returns whether a marker is one of SOF0 to SOF15, except three that denote other segments. */
    private static boolean isFrameHeader(int marker) {
        return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    }
}
