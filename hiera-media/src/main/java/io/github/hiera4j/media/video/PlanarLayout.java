package io.github.hiera4j.media.video;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_GRAY10LE;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_GRAY12LE;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_GRAY8;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P10LE;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P12LE;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV422P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV422P10LE;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV422P12LE;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV444P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV444P10LE;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV444P12LE;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ422P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ444P;

import java.util.Map;
import java.util.Optional;

/**
 * The storage layout of luma and chroma in separate planes.
 *
 * @param depth bits per sample; more than 8 use two bytes, the low one first
 * @param halfColumns whether chroma has half the columns
 * @param halfRows whether chroma has half the rows
 * @param grey whether there is no chroma
 */
record PlanarLayout(int depth, boolean halfColumns, boolean halfRows, boolean grey) {
    private static final Map<Integer, PlanarLayout> LAYOUTS = Map.ofEntries(
            Map.entry(AV_PIX_FMT_YUV420P, new PlanarLayout(8, true, true, false)),
            Map.entry(AV_PIX_FMT_YUVJ420P, new PlanarLayout(8, true, true, false)),
            Map.entry(AV_PIX_FMT_YUV422P, new PlanarLayout(8, true, false, false)),
            Map.entry(AV_PIX_FMT_YUVJ422P, new PlanarLayout(8, true, false, false)),
            Map.entry(AV_PIX_FMT_YUV444P, new PlanarLayout(8, false, false, false)),
            Map.entry(AV_PIX_FMT_YUVJ444P, new PlanarLayout(8, false, false, false)),
            Map.entry(AV_PIX_FMT_YUV420P10LE, new PlanarLayout(10, true, true, false)),
            Map.entry(AV_PIX_FMT_YUV422P10LE, new PlanarLayout(10, true, false, false)),
            Map.entry(AV_PIX_FMT_YUV444P10LE, new PlanarLayout(10, false, false, false)),
            Map.entry(AV_PIX_FMT_YUV420P12LE, new PlanarLayout(12, true, true, false)),
            Map.entry(AV_PIX_FMT_YUV422P12LE, new PlanarLayout(12, true, false, false)),
            Map.entry(AV_PIX_FMT_YUV444P12LE, new PlanarLayout(12, false, false, false)),
            Map.entry(AV_PIX_FMT_GRAY8, new PlanarLayout(8, false, false, true)),
            Map.entry(AV_PIX_FMT_GRAY10LE, new PlanarLayout(10, false, false, true)),
            Map.entry(AV_PIX_FMT_GRAY12LE, new PlanarLayout(12, false, false, true)));

    /** Returns the layout of one of FFmpeg's pixel formats; empty for other kinds of formats. */
    static Optional<PlanarLayout> of(int format) {
        return Optional.ofNullable(LAYOUTS.get(format));
    }

    /** Converts a sample with more bits to 8 bits. */
    byte eightBits(int sample) {
        int white = (1 << depth) - 1;
        return (byte) (grey ? (Math.min(sample, white) * 255 + white / 2) / white : sample >> (depth - 8));
    }
}
