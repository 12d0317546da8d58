package io.github.hiera4j.media.video;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT2020_NCL;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT470BG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_SMPTE170M;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_SMPTE240M;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_UNSPECIFIED;

import io.github.hiera4j.media.Rgb8Image;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;

/**
 * Converts luma and chroma of HEIC pictures to RGB with the rounding of libheif, which Pillow's plug-in uses. Chroma samples are
 * repeated.
 *
 * <p>For 4:2:0 with full range, samples are truncated to 8 bits, and products have eight fractional bits. Everything else is computed in
 * single precision with all bits and rounded; the lower bits are dropped at the end.
 *
 * @param redOfV weight of V in red
 * @param greenOfU weight of U in green
 * @param greenOfV weight of V in green
 * @param blueOfU weight of U in blue
 */
record HeifColour(float redOfV, float greenOfU, float greenOfV, float blueOfU) {
    private static final HeifColour BT601 = of(0.299f, 0.114f);
    private static final Map<Integer, HeifColour> MATRICES = Map.of(
            AVCOL_SPC_UNSPECIFIED,
            BT601,
            AVCOL_SPC_BT470BG,
            BT601,
            AVCOL_SPC_SMPTE170M,
            BT601,
            AVCOL_SPC_BT709,
            of(0.2126f, 0.0722f),
            AVCOL_SPC_SMPTE240M,
            of(0.212f, 0.087f),
            AVCOL_SPC_BT2020_NCL,
            of(0.2627f, 0.0593f));

    /** Factors that expand luma of 16 to 235 and chroma of 16 to 240 to 0 to 255, with the same digits as in libheif. */
    private static final float LIMITED_LUMA = 1.1689f;

    private static final float LIMITED_CHROMA = 1.1429f;
    private static final int LIMITED_BLACK = 16;

    /** Returns the conversion for one of FFmpeg's matrices; empty if it has no weights of red and blue. */
    static Optional<HeifColour> of(int matrix) {
        return Optional.ofNullable(MATRICES.get(matrix));
    }

    /** Returns the conversion for the given weights of red and blue in luma (ITU-T H.273, section 8.3). */
    private static HeifColour of(float red, float blue) {
        float green = 1 - red - blue;
        return new HeifColour(
                2 * (1 - red), -2 * blue * (1 - blue) / green, -2 * red * (1 - red) / green, 2 * (1 - blue));
    }

    Rgb8Image convert(AVFrame frame, PlanarLayout layout) {
        int width = frame.width();
        int height = frame.height();
        int chromaWidth = layout.halfColumns() ? (width + 1) / 2 : width;
        boolean full = frame.color_range() == AVCOL_RANGE_JPEG;
        byte[] rgb = new byte[Math.multiplyExact(width * Rgb8Image.CHANNELS, height)];
        try (Rows luma = new Rows(frame, 0, width, layout);
                Rows u = new Rows(frame, 1, chromaWidth, layout);
                Rows v = new Rows(frame, 2, chromaWidth, layout)) {
            for (int y = 0; y < height; y++) {
                int chromaRow = layout.halfRows() ? y / 2 : y;
                luma.read(y);
                u.read(chromaRow);
                v.read(chromaRow);
                int to = y * width * Rgb8Image.CHANNELS;
                if (full && layout.halfRows()) {
                    fixedPoint(luma, u, v, layout, rgb, to);
                } else {
                    floatingPoint(luma, u, v, layout, full, rgb, to);
                }
            }
        }
        return Rgb8Image.wrap(width, height, rgb);
    }

    private void fixedPoint(Rows luma, Rows u, Rows v, PlanarLayout layout, byte[] rgb, int start) {
        int drop = layout.depth() - 8;
        int redWeight = Math.round(256 * redOfV);
        int greenOfUWeight = Math.round(256 * greenOfU);
        int greenOfVWeight = Math.round(256 * greenOfV);
        int blueWeight = Math.round(256 * blueOfU);
        int to = start;
        for (int x = 0; x < luma.samples.length; x++) {
            int light = ((luma.samples[x] >> drop) << 8) + 128;
            int blueness = (u.samples[x / 2] >> drop) - 128;
            int redness = (v.samples[x / 2] >> drop) - 128;
            rgb[to++] = clip((light + redWeight * redness) >> 8);
            rgb[to++] = clip((light + greenOfUWeight * blueness + greenOfVWeight * redness) >> 8);
            rgb[to++] = clip((light + blueWeight * blueness) >> 8);
        }
    }

    private void floatingPoint(Rows luma, Rows u, Rows v, PlanarLayout layout, boolean full, byte[] rgb, int start) {
        int drop = layout.depth() - 8;
        float lumaScale = full ? 1 : LIMITED_LUMA;
        float chromaScale = full ? 1 : LIMITED_CHROMA;
        int black = full ? 0 : LIMITED_BLACK << drop;
        int half = 1 << (layout.depth() - 1);
        int white = (1 << layout.depth()) - 1;
        int to = start;
        for (int x = 0; x < luma.samples.length; x++) {
            int column = layout.halfColumns() ? x / 2 : x;
            float light = (luma.samples[x] - black) * lumaScale;
            float blueness = (u.samples[column] - half) * chromaScale;
            float redness = (v.samples[column] - half) * chromaScale;
            rgb[to++] = (byte) (rounded(light + redOfV * redness, white) >> drop);
            rgb[to++] = (byte) (rounded(light + greenOfU * blueness + greenOfV * redness, white) >> drop);
            rgb[to++] = (byte) (rounded(light + blueOfU * blueness, white) >> drop);
        }
    }

    private static byte clip(int sample) {
        return (byte) Math.max(0, Math.min(255, sample));
    }

    private static int rounded(float sample, int white) {
        return Math.max(0, Math.min(white, (int) (sample + 0.5f)));
    }

    /** The rows of one plane, one at a time. */
    private static final class Rows implements AutoCloseable {
        private final BytePointer data;
        private final int stride;
        private final byte[] row;
        final int[] samples;

        Rows(AVFrame frame, int plane, int width, PlanarLayout layout) {
            this.data = new BytePointer(frame.data(plane));
            this.stride = frame.linesize(plane);
            this.samples = new int[width];
            this.row = new byte[Math.multiplyExact(width, layout.depth() > 8 ? 2 : 1)];
        }

        void read(int y) {
            data.position((long) y * stride).get(row);
            boolean deep = row.length > samples.length;
            for (int x = 0; x < samples.length; x++) {
                samples[x] = deep ? (row[2 * x] & 0xff) | (row[2 * x + 1] & 0xff) << 8 : row[x] & 0xff;
            }
        }

        @Override
        public void close() {
            data.close();
        }
    }
}
