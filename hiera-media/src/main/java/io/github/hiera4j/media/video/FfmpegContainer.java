package io.github.hiera4j.media.video;

import static org.bytedeco.ffmpeg.global.avcodec.AVDISCARD_ALL;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_version;
import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_ATTACHED_PIC;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_version;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_QUIET;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;

import io.github.hiera4j.media.MediaFile;
import io.github.hiera4j.media.MediaFormat;
import io.github.hiera4j.model.DamagedFileException;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.UnsupportedException;
import io.github.hiera4j.natives.NativeDefaults;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.javacpp.PointerPointer;

/** Opens video files with FFmpeg and selects their video stream. */
final class FfmpegContainer {
    /** Containers that access neither other files nor the network. */
    private static final String CONTAINERS = "mov,matroska,avi";

    static {
        NativeDefaults.load(avformat.class, swscale.class);
        av_log_set_level(AV_LOG_QUIET);
    }

    private FfmpegContainer() {}

    /** Loads the libraries unless they are already loaded. */
    static void load() {
        avcodec_version(); // any function loads it
        avformat_version();
    }

    /** Opens a file without reading packets. */
    static AVFormatContext open(Path path) {
        if (MediaFile.recognise(path).format() == MediaFormat.MP4) {
            ItemTables.fault(path).ifPresent(fault -> {
                throw damaged(path.toString(), fault);
            });
        }
        AVFormatContext container = avformat_alloc_context();
        container.interrupt_callback().callback(FfmpegDeadline.INTERRUPT);
        AVDictionary options = new AVDictionary(null);
        av_dict_set(options, "protocol_whitelist", "file", 0);
        av_dict_set(options, "format_whitelist", CONTAINERS, 0);
        int result = avformat_open_input(container, "file:" + path.toAbsolutePath(), null, options);
        av_dict_free(options);
        if (result < 0) { // the container is already freed
            throw damaged(path.toString(), "its container cannot be read");
        }
        return container;
    }

    /** Returns the video stream; packets of all others are skipped. */
    static AVStream videoStream(AVFormatContext container, String name, VideoLimits limits) {
        int chosen = -1;
        for (int i = 0; i < container.nb_streams(); i++) {
            AVStream candidate = container.streams(i);
            boolean video = candidate.codecpar().codec_type() == AVMEDIA_TYPE_VIDEO
                    && (candidate.disposition() & AV_DISPOSITION_ATTACHED_PIC) == 0;
            if (video && chosen < 0) {
                chosen = i;
            } else {
                candidate.discard(AVDISCARD_ALL);
            }
        }
        if (chosen < 0) {
            throw new UnsupportedException(name + ": no video stream in this file, only sound or pictures");
        }
        AVStream video = container.streams(chosen);
        requireSize(video.codecpar(), name, limits);
        findStreamInfo(container, name, limits);
        requireSize(video.codecpar(), name, limits);
        return video;
    }

    /** Reads until rates and sizes are known; the pixel limit also applies to the decoders opened for this. */
    private static void findStreamInfo(AVFormatContext container, String name, VideoLimits limits) {
        int streams = container.nb_streams();
        try (PointerPointer<AVDictionary> options = new PointerPointer<>(streams)) {
            for (int i = 0; i < streams; i++) {
                AVDictionary option = new AVDictionary(null);
                av_dict_set(option, "max_pixels", Long.toString(limits.maxPixels()), 0);
                options.put(i, option);
            }
            int result = avformat_find_stream_info(container, options);
            for (int i = 0; i < streams; i++) {
                AVDictionary unused = options.get(AVDictionary.class, i);
                if (unused != null) {
                    av_dict_free(unused);
                }
            }
            if (result < 0) {
                throw damaged(name, "its streams cannot be read");
            }
        }
    }

    private static void requireSize(AVCodecParameters parameters, String name, VideoLimits limits) {
        if ((long) parameters.width() * parameters.height() > limits.maxPixels()) {
            throw new UnsupportedException(name + ": frames of " + parameters.width() + " x " + parameters.height()
                    + " pixels are more than the " + limits.maxPixels() + " allowed");
        }
    }

    static HieraException damaged(String name, String what) {
        FfmpegDeadline.checkInterrupt(name);
        return new DamagedFileException(name + ": not a readable video, " + what
                + ": the file is damaged or cut short; copy or export it again");
    }
}
