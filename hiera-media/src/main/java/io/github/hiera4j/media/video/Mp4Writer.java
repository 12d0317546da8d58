package io.github.hiera4j.media.video;

import static io.github.hiera4j.model.Check.check;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MPEG4;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_rescale_ts;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_from_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avformat.AVIO_FLAG_WRITE;
import static org.bytedeco.ffmpeg.global.avformat.av_interleaved_write_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_write_trailer;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_output_context2;
import static org.bytedeco.ffmpeg.global.avformat.avformat_free_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_new_stream;
import static org.bytedeco.ffmpeg.global.avformat.avformat_write_header;
import static org.bytedeco.ffmpeg.global.avformat.avio_closep;
import static org.bytedeco.ffmpeg.global.avformat.avio_open;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_make_writable;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.natives.NativeDefaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.swscale;
import org.jspecify.annotations.Nullable;

/**
 * Writes MPEG-4 video to an mp4 file, for rendered data sets and clips with drawings. The file appears only when it is complete.
 *
 * <p>Holds native memory until closed. One thread at a time.
 */
public final class Mp4Writer implements AutoCloseable {
    private static final int BITS_PER_SECOND = 4_000_000; // enough to preserve the texture of small images
    private static final int LARGEST_SIDE = 8192; // of MPEG-4's pictures

    static {
        NativeDefaults.load(avformat.class, swscale.class);
    }

    private final Path file;
    private final Path temporary;
    private final int width;
    private final int height;
    private final AVFormatContext format;
    private final AVCodecContext codec;
    private final AVStream stream;
    private final AVPacket packet;
    private final AVFrame picture;
    private long frames;
    private boolean open = true;

    private Mp4Writer(Path file, int width, int height, int frameRate) {
        this.file = file;
        this.width = width;
        this.height = height;
        temporary = temporary(file);
        format = new AVFormatContext(null);
        require(
                file,
                avformat_alloc_output_context2(format, null, "mp4", temporary.toString()),
                "mp4 is not supported");
        packet = av_packet_alloc();
        picture = av_frame_alloc();
        AVCodecContext encoder = null;
        try {
            encoder = openCodec(file, width, height, frameRate);
            stream = avformat_new_stream(format, null);
            require(file, avcodec_parameters_from_context(stream.codecpar(), encoder), "no stream parameters");
            stream.time_base(encoder.time_base());
            AVIOContext io = new AVIOContext(null);
            require(file, avio_open(io, temporary.toString(), AVIO_FLAG_WRITE), "cannot be opened for writing");
            format.pb(io);
            require(file, avformat_write_header(format, (AVDictionary) null), "the header cannot be written");
            picture.format(AV_PIX_FMT_YUV420P).width(width).height(height);
            require(file, av_frame_get_buffer(picture, 0), "no memory for a frame");
            codec = encoder;
        } catch (RuntimeException | Error failure) {
            av_frame_free(picture);
            av_packet_free(packet);
            free(format, encoder);
            temporary.toFile().delete();
            throw failure;
        }
    }

    /**
     * Begins a video.
     *
     * @param file the file
     * @param width width of all frames, even
     * @param height height of all frames, even
     * @param frameRate frames per second
     * @return the writer; the caller closes it
     * @throws HieraException if the file cannot be written
     */
    public static Mp4Writer open(Path file, int width, int height, int frameRate) {
        check(
                width > 0 && height > 0 && width % 2 == 0 && height % 2 == 0,
                "%s: frames need even sides, got %d x %d",
                file,
                width,
                height);
        check(
                width <= LARGEST_SIDE && height <= LARGEST_SIDE,
                "%s: frames may have at most %d pixels per side, got %d x %d",
                file,
                LARGEST_SIDE,
                width,
                height);
        check(frameRate > 0 && frameRate <= 1000, "%s: expected 1 to 1000 frames per second, got %d", file, frameRate);
        return new Mp4Writer(file, width, height, frameRate);
    }

    /**
     * Writes all frames, replacing the file.
     *
     * @param file the file
     * @param frames frames of equal, even width and height
     * @param frameRate frames per second
     * @throws HieraException if the file cannot be written
     */
    public static void write(Path file, List<Rgb8Image> frames, int frameRate) {
        check(!frames.isEmpty(), "%s: a video needs at least one frame", file);
        try (Mp4Writer writer = open(file, frames.get(0).width(), frames.get(0).height(), frameRate)) {
            frames.forEach(writer::add);
            writer.finish();
        }
    }

    /**
     * Adds the next frame.
     *
     * @param frame the frame
     */
    public void add(Rgb8Image frame) {
        check(open, "%s: the video is finished", file);
        check(
                frame.width() == width && frame.height() == height,
                "%s: expected frames of %d x %d, got %d x %d",
                file,
                width,
                height,
                frame.width(),
                frame.height());
        require(file, av_frame_make_writable(picture), "a frame cannot be written to");
        EncoderPicture.fill(picture, frame);
        picture.pts(frames++);
        encode(picture);
    }

    /**
     * Completes the video and moves it to its final path.
     *
     * @throws HieraException if it cannot be written, or has no frame
     */
    public void finish() {
        check(open, "%s: the video is finished", file);
        check(frames > 0, "%s: a video needs at least one frame", file);
        encode(null);
        require(file, av_write_trailer(format), "the index cannot be written");
        int closed = avio_closep(format.pb());
        format.pb(null);
        require(file, closed, "cannot be written");
        release();
        try {
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new HieraException(file + ": cannot be written: " + FileFault.reason(e), e);
        }
    }

    /** Frees the native memory; an unfinished video leaves no file. */
    @Override
    public void close() {
        if (open) {
            release();
        }
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            throw new HieraException(temporary + ": cannot be deleted: " + FileFault.reason(e), e);
        }
    }

    private void release() {
        open = false;
        av_frame_free(picture);
        av_packet_free(packet);
        free(format, codec);
    }

    private static void free(AVFormatContext format, @Nullable AVCodecContext codec) {
        if (format.pb() != null && !format.pb().isNull()) {
            avio_closep(format.pb());
        }
        if (codec != null) {
            avcodec_free_context(codec);
        }
        avformat_free_context(format);
    }

    private static Path temporary(Path file) {
        Path target = file.toAbsolutePath();
        check(!Files.isDirectory(target), "%s: is a directory, expected a path for the video", file);
        Path parent = target.getParent();
        check(
                parent != null && Files.isDirectory(parent),
                "%s: cannot be written: the directory %s does not exist",
                file,
                String.valueOf(parent));
        return target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
    }

    private static AVCodecContext openCodec(Path file, int width, int height, int frameRate) {
        AVCodec encoder = avcodec_find_encoder(AV_CODEC_ID_MPEG4);
        check(encoder != null && !encoder.isNull(), "%s: this FFmpeg has no MPEG-4 encoder", file);
        AVCodecContext codec = avcodec_alloc_context3(encoder);
        codec.width(width)
                .height(height)
                .pix_fmt(AV_PIX_FMT_YUV420P)
                .bit_rate(BITS_PER_SECOND)
                .gop_size(8)
                .max_b_frames(0)
                .thread_count(1);
        try (AVRational step = new AVRational().num(1).den(frameRate);
                AVRational rate = new AVRational().num(frameRate).den(1)) {
            codec.time_base(step).framerate(rate);
        }
        codec.flags(codec.flags() | AV_CODEC_FLAG_GLOBAL_HEADER);
        require(file, avcodec_open2(codec, encoder, (AVDictionary) null), "the MPEG-4 encoder cannot be opened");
        return codec;
    }

    /** Encodes a frame, or flushes the encoder if it is null. */
    private void encode(@Nullable AVFrame frame) {
        require(file, avcodec_send_frame(codec, frame), "a frame cannot be encoded");
        while (avcodec_receive_packet(codec, packet) >= 0) {
            packet.duration(1); // otherwise the last frame would have no duration, and readers would drop it
            av_packet_rescale_ts(packet, codec.time_base(), stream.time_base());
            packet.stream_index(0);
            require(file, av_interleaved_write_frame(format, packet), "a packet cannot be written");
        }
    }

    private static void require(Path file, int code, String fault) {
        if (code < 0) {
            throw new HieraException(file + ": " + fault + " (FFmpeg error " + code + ")");
        }
    }
}
