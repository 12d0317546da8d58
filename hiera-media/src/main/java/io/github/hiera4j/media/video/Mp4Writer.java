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
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.natives.NativeDefaults;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;

/** Writes short clips as MPEG-4 in an mp4 file, all frames in memory: for rendered data sets, not for archives. */
public final class Mp4Writer {
    private static final int BITS_PER_SECOND = 4_000_000; // small pictures keep their texture

    static {
        NativeDefaults.apply();
    }

    private Mp4Writer() {}

    /**
     * Writes the frames, replacing the file.
     *
     * @param frames of one even width and height
     * @param frameRate frames per second
     * @throws HieraException if the file cannot be written
     */
    public static void write(Path file, List<Rgb8Image> frames, int frameRate) {
        check(!frames.isEmpty(), "%s: a video needs at least one frame", file);
        int width = frames.get(0).width();
        int height = frames.get(0).height();
        check(width % 2 == 0 && height % 2 == 0, "%s: frames need even sides, got %d x %d", file, width, height);
        AVFormatContext format = new AVFormatContext(null);
        require(file, avformat_alloc_output_context2(format, null, "mp4", file.toString()), "mp4 is not supported");
        AVCodecContext codec = openCodec(file, width, height, frameRate);
        try (PointerScope scope = new PointerScope()) {
            AVStream stream = avformat_new_stream(format, null);
            require(file, avcodec_parameters_from_context(stream.codecpar(), codec), "no stream parameters");
            stream.time_base(codec.time_base());
            AVIOContext io = new AVIOContext(null);
            require(file, avio_open(io, file.toString(), AVIO_FLAG_WRITE), "cannot be opened for writing");
            format.pb(io);
            require(file, avformat_write_header(format, (AVDictionary) null), "the header cannot be written");
            encode(file, format, codec, stream, frames);
            require(file, av_write_trailer(format), "the index cannot be written");
        } finally {
            if (format.pb() != null && !format.pb().isNull()) {
                avio_closep(format.pb());
            }
            avcodec_free_context(codec);
            avformat_free_context(format);
        }
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

    private static void encode(
            Path file, AVFormatContext format, AVCodecContext codec, AVStream stream, List<Rgb8Image> frames) {
        AVPacket packet = av_packet_alloc();
        AVFrame picture = av_frame_alloc();
        picture.format(AV_PIX_FMT_YUV420P).width(codec.width()).height(codec.height());
        try {
            require(file, av_frame_get_buffer(picture, 0), "no memory for a frame");
            for (int i = 0; i <= frames.size(); i++) {
                boolean flush = i == frames.size();
                if (!flush) {
                    require(file, av_frame_make_writable(picture), "a frame cannot be written to");
                    fill(picture, frames.get(i));
                    picture.pts(i);
                }
                require(file, avcodec_send_frame(codec, flush ? null : picture), "a frame cannot be encoded");
                while (avcodec_receive_packet(codec, packet) >= 0) {
                    packet.duration(1); // one step: the last frame has none to follow, and players would drop it
                    av_packet_rescale_ts(packet, codec.time_base(), stream.time_base());
                    packet.stream_index(0);
                    require(file, av_interleaved_write_frame(format, packet), "a packet cannot be written");
                }
            }
        } finally {
            av_frame_free(picture);
            av_packet_free(packet);
        }
    }

    /** BT.601 in the limited range, chroma averaged over two by two pixels. */
    private static void fill(AVFrame picture, Rgb8Image image) {
        byte[] rgb = image.bytes();
        int width = image.width();
        BytePointer luma = plane(picture, 0);
        BytePointer blue = plane(picture, 1);
        BytePointer red = plane(picture, 2);
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < width; x++) {
                int at = 3 * (y * width + x);
                double value = 16
                        + (65.481 * (rgb[at] & 0xff) + 128.553 * (rgb[at + 1] & 0xff) + 24.966 * (rgb[at + 2] & 0xff))
                                / 255;
                luma.put((long) y * picture.linesize(0) + x, (byte) Math.round(value));
            }
        }
        for (int y = 0; y < image.height(); y += 2) {
            for (int x = 0; x < width; x += 2) {
                double[] mean = new double[3];
                for (int pixel = 0; pixel < 4; pixel++) {
                    int at = 3 * ((y + pixel / 2) * width + x + pixel % 2);
                    for (int channel = 0; channel < 3; channel++) {
                        mean[channel] += (rgb[at + channel] & 0xff) / 1020.0;
                    }
                }
                double cb = 128 - 37.797 * mean[0] - 74.203 * mean[1] + 112 * mean[2];
                double cr = 128 + 112 * mean[0] - 93.786 * mean[1] - 18.214 * mean[2];
                blue.put((long) (y / 2) * picture.linesize(1) + x / 2, (byte) Math.round(cb));
                red.put((long) (y / 2) * picture.linesize(2) + x / 2, (byte) Math.round(cr));
            }
        }
    }

    private static BytePointer plane(AVFrame picture, int number) {
        return new BytePointer((Pointer) picture.data(number));
    }

    private static void require(Path file, int code, String fault) {
        if (code < 0) {
            throw new HieraException(file + ": " + fault + " (FFmpeg error " + code + ")");
        }
    }
}
