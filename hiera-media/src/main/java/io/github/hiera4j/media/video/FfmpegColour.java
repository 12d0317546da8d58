package io.github.hiera4j.media.video;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BICUBIC;
import static org.bytedeco.ffmpeg.global.swscale.SWS_CS_DEFAULT;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCachedContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCoefficients;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale;
import static org.bytedeco.ffmpeg.global.swscale.sws_setColorspaceDetails;

import io.github.hiera4j.media.MediaMemory;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.DamagedFileException;
import io.github.hiera4j.model.UnsupportedException;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/** FFmpeg's colour conversion of a decoded frame to RGB of the same size, using the matrix and range declared in the frame. */
public final class FfmpegColour implements AutoCloseable {
    /** Padding of rows, so that vector code can store full registers. */
    private static final int ROW_ALIGNMENT = 64;

    private static final int UNITY = 1 << 16;

    private final String name;
    private @Nullable SwsContext scaler;
    private @Nullable BytePointer rgb;

    FfmpegColour(String name) {
        this.name = name;
    }

    Rgb8Image convert(AVFrame frame) {
        int width = frame.width();
        int height = frame.height();
        int stride = (width * Rgb8Image.CHANNELS + ROW_ALIGNMENT - 1) / ROW_ALIGNMENT * ROW_ALIGNMENT;
        BytePointer buffer = buffer((long) stride * height + ROW_ALIGNMENT);
        SwsContext context = scaler(frame);
        try (PointerPointer<BytePointer> target = new PointerPointer<>(4);
                IntPointer strides = new IntPointer(stride, 0, 0, 0)) {
            target.put(0, buffer).put(1, null).put(2, null).put(3, null);
            int rows = sws_scale(context, frame.data(), frame.linesize(), 0, height, target, strides);
            if (rows != height) {
                throw new DamagedFileException(name + ": a frame's colours cannot be converted: the video is damaged");
            }
        }
        byte[] pixels = new byte[Math.multiplyExact(width * Rgb8Image.CHANNELS, height)];
        for (int y = 0; y < height; y++) {
            buffer.position((long) y * stride).get(pixels, y * width * Rgb8Image.CHANNELS, width * Rgb8Image.CHANNELS);
        }
        buffer.position(0);
        return Rgb8Image.wrap(width, height, pixels);
    }

    private SwsContext scaler(AVFrame frame) {
        SwsContext context = sws_getCachedContext(
                scaler,
                frame.width(),
                frame.height(),
                frame.format(),
                frame.width(),
                frame.height(),
                AV_PIX_FMT_RGB24,
                SWS_BICUBIC,
                null,
                null,
                (DoublePointer) null);
        scaler = context;
        if (context == null) {
            throw new UnsupportedException(name + ": frames of a pixel format that cannot be converted to RGB");
        }
        int fullRange = frame.color_range() == AVCOL_RANGE_JPEG ? 1 : 0;
        IntPointer matrix = sws_getCoefficients(frame.colorspace());
        IntPointer standard = sws_getCoefficients(SWS_CS_DEFAULT);
        sws_setColorspaceDetails(context, matrix, fullRange, standard, 0, 0, UNITY, UNITY);
        return context;
    }

    private BytePointer buffer(long bytes) {
        BytePointer current = rgb;
        if (current == null || current.capacity() < bytes) {
            release();
            current = new BytePointer(bytes);
            MediaMemory.add(bytes);
            rgb = current;
        }
        return current;
    }

    private void release() {
        if (rgb != null) {
            MediaMemory.add(-rgb.capacity());
            rgb.close();
            rgb = null;
        }
    }

    @Override
    public void close() {
        release();
        sws_freeContext(scaler);
        scaler = null;
    }
}
