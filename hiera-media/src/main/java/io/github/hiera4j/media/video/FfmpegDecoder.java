package io.github.hiera4j.media.video;

import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_flush_buffers;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.presets.avutil.AVERROR_EAGAIN;

import io.github.hiera4j.model.DamagedFileException;
import io.github.hiera4j.model.UnsupportedException;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** FFmpeg's decoder: returns frames in presentation order with their times. Damaged packets are skipped and counted. */
public final class FfmpegDecoder implements AutoCloseable {
    private final String name;
    private final FfmpegDemuxer demuxer;
    private final VideoLimits limits;
    private final AVCodecContext codec;
    private boolean draining;
    private long earliest = Long.MIN_VALUE;
    private long time = AV_NOPTS_VALUE;
    private int damagedPackets;

    FfmpegDecoder(String name, FfmpegDemuxer demuxer, VideoLimits limits) {
        this.name = name;
        this.demuxer = demuxer;
        this.limits = limits;
        AVCodecParameters parameters = demuxer.parameters();
        AVCodec found = avcodec_find_decoder(parameters.codec_id());
        if (found == null) {
            throw new UnsupportedException(name + ": no decoder for " + codecName() + " video; convert it to H.264");
        }
        codec = avcodec_alloc_context3(found);
        avcodec_parameters_to_context(codec, parameters);
        codec.pkt_timebase(demuxer.timeBase());
        codec.max_pixels(limits.maxPixels());
        codec.thread_count(limits.decoderThreads());
        if (avcodec_open2(codec, found, (AVDictionary) null) < 0) {
            avcodec_free_context(codec);
            throw new DamagedFileException(
                    name + ": the " + codecName() + " decoder refuses this video: it is damaged");
        }
    }

    String codecName() {
        return avcodec_get_name(demuxer.parameters().codec_id()).getString();
    }

    int damagedPackets() {
        return damagedPackets;
    }

    /** Continues from the keyframe at or before a time and returns the time of the keyframe. */
    long seek(long wanted) {
        earliest = demuxer.seek(wanted);
        restart();
        return earliest;
    }

    /** Continues from the first frame of the file. */
    void rewind() {
        earliest = demuxer.rewind();
        restart();
    }

    private void restart() {
        avcodec_flush_buffers(codec);
        draining = false;
        time = AV_NOPTS_VALUE;
    }

    /**
     * Decodes the next frame into the given one.
     *
     * @return false after the last frame
     */
    boolean next(AVFrame frame) {
        FfmpegDeadline deadline = FfmpegDeadline.start(limits.patience());
        while (true) {
            deadline.check(name);
            int result = avcodec_receive_frame(codec, frame);
            if (result == AVERROR_EAGAIN()) {
                feed();
            } else if (result == AVERROR_EOF) {
                return false;
            } else if (result < 0) {
                damagedPackets++;
            } else if (accept(frame)) {
                return true;
            }
        }
    }

    /** Returns the presentation time of the frame decoded last, in time base units. */
    long time() {
        return time;
    }

    /** Rejects frames shown before the keyframe from which decoding started, and frames that go back in time. */
    private boolean accept(AVFrame frame) {
        long shown = frame.best_effort_timestamp();
        if (shown == AV_NOPTS_VALUE) {
            shown = time == AV_NOPTS_VALUE ? 0 : time + Math.max(1, demuxer.units(1 / demuxer.frameRate()));
        }
        if (shown < earliest || (time != AV_NOPTS_VALUE && shown <= time)) {
            return false;
        }
        time = shown;
        return true;
    }

    private void feed() {
        if (!draining && demuxer.readPacket()) {
            if (avcodec_send_packet(codec, demuxer.packet()) < 0) {
                damagedPackets++;
            }
        } else if (!draining) {
            draining = true;
            avcodec_send_packet(codec, null);
        }
    }

    @Override
    public void close() {
        avcodec_free_context(codec);
    }
}
