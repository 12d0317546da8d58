package io.github.hiera4j.media.video;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_HEVC;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_FRAME_CROPPING;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_side_data_get;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT2020_NCL;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT470BG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_SMPTE170M;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_UNSPECIFIED;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.DamagedFileException;
import io.github.hiera4j.model.UnsupportedException;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avcodec.AVPacketSideData;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;
import org.jspecify.annotations.Nullable;

/** Decodes one compressed still picture to RGB. */
final class FfmpegStill {
    private FfmpegStill() {}

    static Rgb8Image decode(AVCodecParameters parameters, AVPacket packet, String name, VideoLimits limits) {
        AVCodec decoder = avcodec_find_decoder(parameters.codec_id());
        if (decoder == null) {
            throw new UnsupportedException(name + ": no decoder for "
                    + avcodec_get_name(parameters.codec_id()).getString() + " pictures; export it as JPEG");
        }
        AVCodecContext codec = avcodec_alloc_context3(decoder);
        AVFrame frame = av_frame_alloc();
        try {
            avcodec_parameters_to_context(codec, parameters);
            codec.max_pixels(limits.maxPixels());
            codec.thread_count(limits.decoderThreads());
            boolean decoded = avcodec_open2(codec, decoder, (AVDictionary) null) >= 0
                    && avcodec_send_packet(codec, packet) >= 0
                    && avcodec_send_packet(codec, null) >= 0
                    && avcodec_receive_frame(codec, frame) >= 0;
            if (!decoded) {
                FfmpegDeadline.checkInterrupt(name);
                throw new DamagedFileException(
                        name + ": cannot be decoded: the image is damaged or cut short; copy or export it again");
            }
            return cropped(convert(frame, parameters.codec_id() == AV_CODEC_ID_HEVC, name), parameters);
        } finally {
            av_frame_free(frame);
            avcodec_free_context(codec);
        }
    }

    private static Rgb8Image convert(AVFrame frame, boolean hevc, String name) {
        int width = frame.width();
        int height = frame.height();
        PlanarLayout layout = PlanarLayout.of(frame.format()).orElse(null);
        Optional<HeifColour> heif = hevc ? HeifColour.of(frame.colorspace()) : Optional.empty();
        if (layout != null && !layout.grey() && heif.isPresent()) {
            return heif.get().convert(frame, layout);
        }
        // libheif uses grey unchanged, regardless of the range declared in the file
        if (layout != null && layout.grey() && (hevc || frame.color_range() == AVCOL_RANGE_JPEG)) {
            return grey(plane(frame, 0, width, height, layout));
        }
        PlanarColour colour = colour(frame);
        if (layout == null || layout.grey() || colour == null || hevc) {
            try (FfmpegColour scaler = new FfmpegColour(name)) { // other matrices and layouts
                return scaler.convert(frame);
            }
        }
        PlanarColour.Plane luma = plane(frame, 0, width, height, layout);
        int chromaWidth = layout.halfColumns() ? (width + 1) / 2 : width;
        int chromaHeight = layout.halfRows() ? (height + 1) / 2 : height;
        PlanarColour.Plane u = plane(frame, 1, chromaWidth, chromaHeight, layout);
        PlanarColour.Plane v = plane(frame, 2, chromaWidth, chromaHeight, layout);
        return Rgb8Image.wrap(width, height, colour.convert(luma, u, v));
    }

    /** Removes the padding declared in the container, unless the decoder has removed it. */
    private static Rgb8Image cropped(Rgb8Image image, AVCodecParameters parameters) {
        AVPacketSideData cropping = av_packet_side_data_get(
                parameters.coded_side_data(), parameters.nb_coded_side_data(), AV_PKT_DATA_FRAME_CROPPING);
        boolean padded = image.width() == parameters.width() && image.height() == parameters.height();
        if (cropping == null || cropping.size() < 4 * Integer.BYTES || !padded) {
            return image;
        }
        IntBuffer edges = cropping.data()
                .capacity(4 * Integer.BYTES)
                .asByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asIntBuffer(); // top, bottom, left, right
        long width = image.width() - (edges.get(2) & 0xffffffffL) - (edges.get(3) & 0xffffffffL);
        long height = image.height() - (edges.get(0) & 0xffffffffL) - (edges.get(1) & 0xffffffffL);
        if (width < 1 || height < 1) {
            return image;
        }
        byte[] rgb = new byte[(int) (width * height * 3)];
        for (int y = 0; y < height; y++) {
            int from = ((edges.get(0) + y) * image.width() + edges.get(2)) * 3;
            System.arraycopy(image.bytes(), from, rgb, y * (int) width * 3, (int) width * 3);
        }
        return Rgb8Image.wrap((int) width, (int) height, rgb);
    }

    private static @Nullable PlanarColour colour(AVFrame frame) {
        boolean full = frame.color_range() == AVCOL_RANGE_JPEG;
        int matrix = frame.colorspace();
        if (matrix == AVCOL_SPC_SMPTE170M || matrix == AVCOL_SPC_BT470BG || matrix == AVCOL_SPC_UNSPECIFIED) {
            return full ? PlanarColour.BT601_FULL : PlanarColour.BT601_LIMITED;
        }
        if (matrix == AVCOL_SPC_BT2020_NCL) {
            return full ? PlanarColour.BT2020_FULL : PlanarColour.BT2020_LIMITED;
        }
        return matrix != AVCOL_SPC_BT709 ? null : full ? PlanarColour.BT709_FULL : PlanarColour.BT709_LIMITED;
    }

    /** Returns one plane in 8 bits as in libavif: for higher depths, colours keep their high bits and grey is rounded. */
    private static PlanarColour.Plane plane(AVFrame frame, int index, int width, int height, PlanarLayout layout) {
        byte[] samples = new byte[Math.multiplyExact(width, height)];
        int size = layout.depth() > 8 ? 2 : 1;
        byte[] row = new byte[Math.multiplyExact(width, size)];
        try (BytePointer data = new BytePointer(frame.data(index))) {
            int stride = frame.linesize(index);
            for (int y = 0; y < height; y++) {
                data.position((long) y * stride).get(row);
                for (int x = 0; x < width; x++) {
                    samples[y * width + x] =
                            size == 1 ? row[x] : layout.eightBits((row[2 * x] & 0xff) | (row[2 * x + 1] & 0xff) << 8);
                }
            }
        }
        return new PlanarColour.Plane(width, height, samples);
    }

    private static Rgb8Image grey(PlanarColour.Plane plane) {
        byte[] rgb = new byte[Math.multiplyExact(plane.samples().length, 3)];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = plane.samples()[i / 3];
        }
        return Rgb8Image.wrap(plane.width(), plane.height(), rgb);
    }
}
