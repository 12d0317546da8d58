package io.github.hiera4j.media.video;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_DISPLAYMATRIX;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_DISCARD;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_side_data_get;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_FLAG_BACKWARD;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_seek_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_index_get_entry_from_timestamp;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import io.github.hiera4j.media.Orientation;
import io.github.hiera4j.model.HieraException;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avcodec.AVPacketSideData;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIndexEntry;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVRational;

/** FFmpeg's demuxer: returns the compressed packets of a file's video stream in the order of storage. */
public final class FfmpegDemuxer implements AutoCloseable {
    private static final int SEEK_ATTEMPTS = 8;

    private final String name;
    private final AVFormatContext container;
    private final AVPacket packet;
    private final AVStream stream;
    private final AVRational timeBase;
    private boolean held;
    private long lastDecodeTime = AV_NOPTS_VALUE;

    FfmpegDemuxer(Path path, VideoLimits limits) {
        this.name = path.toString();
        this.container = FfmpegContainer.open(path);
        this.packet = av_packet_alloc();
        try {
            this.stream = FfmpegContainer.videoStream(container, name, limits);
            this.timeBase = stream.time_base();
        } catch (HieraException e) {
            close();
            throw e;
        }
    }

    AVCodecParameters parameters() {
        return stream.codecpar();
    }

    AVRational timeBase() {
        return timeBase;
    }

    /** Converts time base units to seconds. */
    double seconds(long units) {
        return (double) units * timeBase.num() / timeBase.den();
    }

    /** Converts seconds to time base units, rounded down. */
    long units(double seconds) {
        return (long) Math.floor(seconds * timeBase.den() / timeBase.num());
    }

    /** Returns the average frames per second, as stated in the container or estimated by FFmpeg. */
    double frameRate() {
        double average = rate(stream.avg_frame_rate());
        double guessed = average > 0 ? average : rate(stream.r_frame_rate());
        return guessed > 0 ? guessed : 30;
    }

    private static double rate(AVRational rational) {
        return rational.den() == 0 ? 0 : (double) rational.num() / rational.den();
    }

    /** Returns the orientation of frames stated in the container. */
    Orientation orientation() {
        AVCodecParameters parameters = parameters();
        AVPacketSideData matrix = av_packet_side_data_get(
                parameters.coded_side_data(), parameters.nb_coded_side_data(), AV_PKT_DATA_DISPLAYMATRIX);
        if (matrix == null || matrix.size() < 9 * Integer.BYTES) {
            return Orientation.UPRIGHT;
        }
        IntBuffer values = matrix.data()
                .capacity(9 * Integer.BYTES)
                .asByteBuffer()
                .order(ByteOrder.nativeOrder())
                .asIntBuffer();
        return Orientation.ofMatrix(values.get(0), values.get(1), values.get(3), values.get(4));
    }

    /** Reads the next packet of the video stream; returns false at the end or if the file cannot be read further. */
    boolean readPacket() {
        if (held) {
            held = false;
            return true;
        }
        while (true) {
            av_packet_unref(packet);
            if (av_read_frame(container, packet) < 0) {
                return false;
            }
            if (packet.stream_index() == stream.index()) {
                lastDecodeTime = packet.dts() == AV_NOPTS_VALUE ? packet.pts() : packet.dts();
                return true;
            }
        }
    }

    /** Returns the packet read last. */
    AVPacket packet() {
        return packet;
    }

    /** Returns the packet's presentation time, or the best time in the container; {@code AV_NOPTS_VALUE} if there is none. */
    private long packetTime() {
        return packet.pts() == AV_NOPTS_VALUE ? packet.dts() : packet.pts();
    }

    /**
     * Seeks to the last keyframe that is shown at or before a time, or to the first one in the file. Containers index the order of
     * storage, so the keyframe found may be shown later: then the search continues before it.
     *
     * @return the presentation time of that keyframe; frames shown earlier that follow it depend on frames before it
     */
    long seek(long time) {
        long target = time;
        for (int attempt = 0; attempt < SEEK_ATTEMPTS; attempt++) {
            if (!jump(target)) {
                break;
            }
            long keyframe = packetTime();
            if (keyframe != AV_NOPTS_VALUE && keyframe <= time) {
                return keyframe;
            }
            long stored = lastDecodeTime == AV_NOPTS_VALUE ? target : lastDecodeTime;
            target = Math.min(target, stored) - 1;
        }
        return rewind();
    }

    /** Goes back to the first packet. */
    long rewind() {
        if (!jump(startTime() - units(10)) && !jump(startTime())) {
            throw FfmpegContainer.damaged(name, "it cannot be rewound");
        }
        return Long.MIN_VALUE;
    }

    private boolean jump(long target) {
        held = false;
        if (av_seek_frame(container, stream.index(), target, AVSEEK_FLAG_BACKWARD) < 0) {
            return false;
        }
        held = readPacket();
        return held;
    }

    /** Returns whether the container's index has a keyframe between the packet read last and a later time. */
    boolean hasKeyframeBefore(long time) {
        AVIndexEntry entry = avformat_index_get_entry_from_timestamp(stream, time, AVSEEK_FLAG_BACKWARD);
        return entry != null && lastDecodeTime != AV_NOPTS_VALUE && entry.timestamp() > lastDecodeTime;
    }

    /**
     * Returns the time base units from the first frame's presentation to the last frame's. If the container has an index, only the last
     * part of the file is read.
     *
     * @param firstTime presentation time of the first frame
     */
    long lastTime(long firstTime) {
        long end = container.duration() == AV_NOPTS_VALUE ? units(1e6) : units(container.duration() * 1e-6 + 3600);
        if (!jump(end)) {
            rewind();
        }
        long last = lastFromHere(firstTime);
        if (last == 0) { // nothing is shown from the last keyframe to the end
            rewind();
            last = lastFromHere(firstTime);
        }
        FfmpegDeadline.checkInterrupt(name);
        return last;
    }

    private long lastFromHere(long firstTime) {
        long last = 0;
        while (readPacket()) {
            boolean isShown = (packet.flags() & AV_PKT_FLAG_DISCARD) == 0;
            if (isShown && packet.pts() != AV_NOPTS_VALUE) {
                last = Math.max(last, packet.pts() - firstTime);
            } else if (isShown && packet.dts() != AV_NOPTS_VALUE) { // AVI counts only stored frames, from its own start
                last = Math.max(last, packet.dts() - startTime());
            }
        }
        return last;
    }

    private long startTime() {
        return stream.start_time() == AV_NOPTS_VALUE ? 0 : stream.start_time();
    }

    /**
     * Returns the duration of the video in seconds stated in the container; 0 or less if there is no value for the video stream.
     * Matroska counts from 0 to the end, even if the first frame is shown later.
     *
     * @param firstTime presentation time of the first frame
     */
    double claimedSeconds(long firstTime) {
        boolean matroska = container.iformat().name().getString().contains("matroska");
        double before = matroska ? Math.max(0, seconds(firstTime)) : 0;
        if (stream.duration() != AV_NOPTS_VALUE) {
            return seconds(stream.duration()) - before;
        }
        boolean alone = container.nb_streams() == 1 && container.duration() != AV_NOPTS_VALUE;
        return alone ? container.duration() * 1e-6 - before : 0;
    }

    @Override
    public void close() {
        av_packet_free(packet);
        avformat_close_input(container);
    }
}
