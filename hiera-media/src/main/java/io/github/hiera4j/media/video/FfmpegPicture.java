package io.github.hiera4j.media.video;

import static org.bytedeco.ffmpeg.global.avcodec.AVDISCARD_ALL;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_DISPLAYMATRIX;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_side_data_get;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_DEFAULT;
import static org.bytedeco.ffmpeg.global.avformat.AV_STREAM_GROUP_PARAMS_TILE_GRID;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_QUIET;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;

import io.github.hiera4j.media.Orientation;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.DamagedFileException;
import io.github.hiera4j.model.UnsupportedException;
import io.github.hiera4j.natives.NativeDefaults;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avcodec.AVPacketSideData;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avformat.AVStreamGroup;
import org.bytedeco.ffmpeg.avformat.AVStreamGroupTileGrid;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.swscale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the primary picture of a HEIC or AVIF file: one item, or a grid of tiles that are decoded one by one and assembled. The
 * file's rotation and mirror properties are applied (an additional EXIF orientation has no effect); alpha and depth items, thumbnails
 * and further pictures are ignored.
 */
public final class FfmpegPicture implements AutoCloseable {
    private static final int MOST_TILES = 1 << 12;

    static {
        NativeDefaults.load(avformat.class, swscale.class);
        av_log_set_level(AV_LOG_QUIET);
    }

    private final String name;
    private final VideoLimits limits;
    private final AVFormatContext container = avformat_alloc_context();
    private final AVPacket packet = av_packet_alloc();
    private final List<Tile> tiles = new ArrayList<>();
    private int width;
    private int height;
    private Orientation orientation = Orientation.UPRIGHT;

    /** One item of the picture, and its position. */
    private record Tile(int stream, int left, int top) {}

    private FfmpegPicture(Path path, String name, VideoLimits limits) {
        this.name = name;
        this.limits = limits;
        container.interrupt_callback().callback(FfmpegDeadline.INTERRUPT);
        AVDictionary options = new AVDictionary(null);
        av_dict_set(options, "protocol_whitelist", "file", 0);
        av_dict_set(options, "format_whitelist", "mov", 0);
        int result = avformat_open_input(container, "file:" + path.toAbsolutePath(), null, options);
        av_dict_free(options);
        if (result < 0) { // the container is already freed
            av_packet_free(packet);
            throw damaged("its container cannot be read");
        }
    }

    /**
     * Decodes the picture.
     *
     * @param path the file
     * @param name the name of the file in messages
     * @param maxPixels maximum pixels of the picture, and of the area covered by its tiles
     * @return the picture as stored
     * @throws io.github.hiera4j.model.HieraException if the file is damaged, too large, or needs a missing decoder
     */
    public static Rgb8Image read(Path path, String name, long maxPixels) {
        VideoLimits limits = new VideoLimits(maxPixels, VideoLimits.DEFAULT.patience(), 1);
        ItemTables.fault(path).ifPresent(fault -> {
            throw damaged(name, fault);
        });
        FfmpegDeadline.start(limits.patience());
        try (FfmpegPicture picture = new FfmpegPicture(path, name, limits)) {
            picture.choose();
            return picture.orientation.apply(picture.decode());
        }
    }

    /** Finds the primary picture: the default grid, otherwise the default item. */
    private void choose() {
        for (int i = 0; i < container.nb_stream_groups(); i++) {
            AVStreamGroup group = container.stream_groups(i);
            if (group.type() == AV_STREAM_GROUP_PARAMS_TILE_GRID
                    && (group.disposition() & AV_DISPOSITION_DEFAULT) != 0) {
                chooseGrid(group);
                return;
            }
        }
        for (int i = 0; i < container.nb_streams(); i++) {
            AVStream stream = container.streams(i);
            boolean primary = (stream.disposition() & AV_DISPOSITION_DEFAULT) != 0;
            if (primary && stream.codecpar().codec_type() == AVMEDIA_TYPE_VIDEO) {
                tiles.add(new Tile(i, 0, 0));
                width = stream.codecpar().width();
                height = stream.codecpar().height();
                orientation = orientation(av_packet_side_data_get(
                        stream.codecpar().coded_side_data(),
                        stream.codecpar().nb_coded_side_data(),
                        AV_PKT_DATA_DISPLAYMATRIX));
                requireSize(width, height);
                return;
            }
        }
        throw new UnsupportedException(
                name + ": a HEIC or AVIF file whose primary picture cannot be read (an overlay, or"
                        + " a coding other than HEVC and AV1); export it as JPEG");
    }

    private void chooseGrid(AVStreamGroup group) {
        AVStreamGroupTileGrid grid = group.params_tile_grid();
        int count = grid.nb_tiles();
        if (count < 1 || count > MOST_TILES) {
            throw damaged("a picture of " + count + " tiles");
        }
        requireSize(grid.coded_width(), grid.coded_height());
        width = grid.width();
        height = grid.height();
        boolean inside = width > 0
                && height > 0
                && grid.horizontal_offset() >= 0
                && grid.vertical_offset() >= 0
                && (long) grid.horizontal_offset() + width <= grid.coded_width()
                && (long) grid.vertical_offset() + height <= grid.coded_height();
        if (!inside) {
            throw damaged("a picture that is not covered by its tiles");
        }
        long covered = 0;
        for (int i = 0; i < count; i++) {
            int index = grid.offsets_idx(i);
            if (index < 0 || index >= group.nb_streams()) {
                throw damaged("a tile that is not in the file");
            }
            AVStream stream = group.streams(index);
            covered += (long) stream.codecpar().width() * stream.codecpar().height();
            tiles.add(new Tile(
                    stream.index(),
                    grid.offsets_horizontal(i) - grid.horizontal_offset(),
                    grid.offsets_vertical(i) - grid.vertical_offset()));
        }
        if (covered > 2 * limits.maxPixels()) {
            throw damaged("tiles of " + covered + " pixels");
        }
        orientation = orientation(
                av_packet_side_data_get(grid.coded_side_data(), grid.nb_coded_side_data(), AV_PKT_DATA_DISPLAYMATRIX));
    }

    private void requireSize(int columns, int rows) {
        if (columns < 1 || rows < 1) {
            throw damaged("its header claims " + columns + " x " + rows + " pixels");
        }
        if ((long) columns * rows > limits.maxPixels()) {
            throw new UnsupportedException(
                    name + ": a picture of " + columns + " x " + rows + " pixels is more than the "
                            + limits.maxPixels() + " allowed; scale it down, or raise the limit with the JVM option"
                            + " -Dhiera.media.maxPixels=N");
        }
    }

    private static Orientation orientation(@Nullable AVPacketSideData matrix) {
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

    private Rgb8Image decode() {
        for (int i = 0; i < container.nb_streams(); i++) {
            int index = i;
            if (tiles.stream().noneMatch(tile -> tile.stream() == index)) {
                container.streams(i).discard(AVDISCARD_ALL);
            }
        }
        byte @Nullable [] canvas = tiles.size() == 1 ? null : new byte[Math.multiplyExact(width * 3, height)];
        boolean[] drawn = new boolean[tiles.size()];
        while (av_read_frame(container, packet) >= 0) {
            FfmpegDeadline.start(limits.patience());
            for (int i = 0; i < drawn.length; i++) {
                Tile tile = tiles.get(i);
                if (!drawn[i] && tile.stream() == packet.stream_index()) {
                    Rgb8Image image =
                            FfmpegStill.decode(container.streams(tile.stream()).codecpar(), packet, name, limits);
                    if (canvas == null) {
                        av_packet_unref(packet);
                        return image;
                    }
                    draw(image, tile, canvas);
                    drawn[i] = true;
                }
            }
            av_packet_unref(packet);
        }
        FfmpegDeadline.checkInterrupt(name);
        for (boolean one : drawn) {
            if (!one || canvas == null) {
                throw damaged("parts of the picture are missing");
            }
        }
        return Rgb8Image.wrap(width, height, Objects.requireNonNull(canvas));
    }

    /** Copies the part of a tile that is inside the picture. */
    private void draw(Rgb8Image tile, Tile place, byte[] canvas) {
        int fromX = Math.max(0, -place.left());
        int columns = Math.min(tile.width(), width - place.left()) - fromX;
        for (int y = Math.max(0, -place.top()); y < tile.height() && place.top() + y < height && columns > 0; y++) {
            System.arraycopy(
                    tile.bytes(),
                    (y * tile.width() + fromX) * 3,
                    canvas,
                    ((place.top() + y) * width + place.left() + fromX) * 3,
                    columns * 3);
        }
    }

    private DamagedFileException damaged(String what) {
        return damaged(name, what);
    }

    private static DamagedFileException damaged(String name, String what) {
        return new DamagedFileException(name + ": not a readable HEIC or AVIF picture, " + what
                + "; the file is damaged, copy or export it again");
    }

    @Override
    public void close() {
        av_packet_free(packet);
        avformat_close_input(container);
    }
}
