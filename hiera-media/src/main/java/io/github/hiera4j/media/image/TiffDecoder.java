package io.github.hiera4j.media.image;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.image.internal.HeaderBytes;
import io.github.hiera4j.media.image.internal.PackBits;
import io.github.hiera4j.media.image.internal.TiffLzw;
import io.github.hiera4j.model.DamagedFileException;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.InflaterInputStream;

/**
 * Decodes the first page of a TIFF or BigTIFF file as stored (not rotated upright).
 *
 * <p>OpenCV's libtiff converts colours differently (it multiplies by alpha, rounds 16 bits, and does not distinguish LAB), so pixels
 * are unpacked here: strips and tiles are read as streams, one row of the image at a time. Only CCITT fax, JPEG and YCbCr, for which
 * OpenCV's result matches Pillow, are left to OpenCV.
 */
final class TiffDecoder {
    /** Maximum number of open strips or tiles: those in one row of tiles, times planes. */
    private static final int MOST_OPEN = 4096;

    private static final int MOST_SEGMENTS = 1 << 22;

    /** Maximum expansion of a byte by LZW, Deflate or PackBits. */
    private static final int MOST_EXPANSION = 3000;

    private final byte[] file;
    private final HeaderBytes bytes;
    private final TiffLayout layout;
    private final boolean tiled;
    private final int segmentWidth;
    private final int segmentHeight;
    private final int across;
    private final int planes;
    private final long[] offsets;
    private final long[] counts;
    private final TiffSamples samples;
    private final ByteOrder order;

    private TiffDecoder(byte[] file, TiffHeader header, HeaderBytes bytes, TiffLayout layout) {
        this.file = file;
        this.bytes = bytes;
        this.layout = layout;
        this.order = header.littleEndian() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        this.tiled = header.has(TiffHeader.TILE_OFFSETS) && !header.has(TiffHeader.STRIP_OFFSETS);
        long rows = tiled
                ? header.value(TiffHeader.TILE_HEIGHT, 0)
                : header.value(TiffHeader.ROWS_PER_STRIP, layout.height());
        long columns = tiled ? header.value(TiffHeader.TILE_WIDTH, 0) : layout.width();
        if (rows < 1 || columns < 1) {
            throw bytes.damaged("a TIFF image in pieces of " + columns + " x " + rows + " pixels");
        }
        this.segmentWidth = (int) columns;
        this.segmentHeight = (int) Math.min(rows, tiled ? rows : layout.height());
        this.across = (int) ((layout.width() + columns - 1) / columns);
        this.planes = layout.planar() ? layout.samples() : 1;
        int needed = segments();
        this.offsets = header.values(tiled ? TiffHeader.TILE_OFFSETS : TiffHeader.STRIP_OFFSETS, needed);
        this.counts = header.values(tiled ? TiffHeader.TILE_BYTE_COUNTS : TiffHeader.STRIP_BYTE_COUNTS, needed);
        if (offsets.length < needed) {
            throw bytes.damaged(
                    "a TIFF image of " + needed + " strips or tiles with positions of only " + offsets.length);
        }
        this.samples = new TiffSamples(layout, order, header, bytes);
    }

    private int segments() {
        long down = (layout.height() + (long) segmentHeight - 1) / segmentHeight;
        long needed = down * across * planes;
        if (needed > MOST_SEGMENTS || (long) across * planes > MOST_OPEN) {
            throw bytes.unsupported("a TIFF image in " + needed + " strips or tiles");
        }
        return (int) needed;
    }

    /**
     * @param factor 1 for full size; otherwise the image is reduced, see {@link RgbRows}
     * @throws io.github.hiera4j.model.HieraException if the file is damaged or of an unsupported sub-format
     */
    static Rgb8Image decode(byte[] file, String name, int factor) {
        HeaderBytes bytes = new HeaderBytes(name, file, ByteOrder.BIG_ENDIAN);
        TiffHeader header = TiffHeader.parse(bytes);
        TiffLayout layout = TiffLayout.of(header, bytes);
        boolean byLibtiff =
                layout.compression() == TiffLayout.Compression.LIBTIFF || layout.colours() == TiffLayout.Colours.YCBCR;
        if (byLibtiff && factor > 1) {
            throw bytes.unsupported("a TIFF image of more pixels than allowed, compressed as JPEG or fax,");
        }
        return byLibtiff
                ? OpenCvDecoder.colour(asStored(file, name), name)
                : new TiffDecoder(file, header, bytes, layout).rows(factor);
    }

    /**
     * Returns a copy marked as upright and with premultiplied alpha, because libtiff applies only some orientations and would multiply
     * the colours by alpha.
     */
    private static byte[] asStored(byte[] file, String name) {
        byte[] plain = file.clone();
        TiffHeader header = TiffHeader.parse(new HeaderBytes(name, plain, ByteOrder.BIG_ENDIAN));
        header.overwrite(plain, TiffHeader.ORIENTATION, 1);
        header.overwrite(plain, TiffHeader.EXTRA_SAMPLES, 1);
        return plain;
    }

    /** Rejects a short file with a large claimed size before memory is allocated. */
    private void requireEnoughData() {
        long bits = (long) layout.width() * layout.height() * layout.samples() * layout.bits();
        if (bits / Byte.SIZE > (long) file.length * MOST_EXPANSION) {
            throw bytes.damaged("a TIFF image of " + layout.width() + " x " + layout.height() + " pixels in a file of "
                    + file.length + " bytes");
        }
    }

    private Rgb8Image rows(int factor) {
        requireEnoughData();
        RgbRows image = new RgbRows(layout.width(), layout.height(), factor);
        byte[] rgb = new byte[layout.width() * Rgb8Image.CHANNELS];
        int[] row = new int[layout.width() * layout.samples()];
        for (int top = 0; top < layout.height(); top += segmentHeight) {
            List<InputStream> open = new ArrayList<>();
            try {
                for (int plane = 0; plane < planes; plane++) {
                    for (int x = 0; x < across; x++) {
                        open.add(open(plane, top / segmentHeight * across + x));
                    }
                }
                int bottom = Math.min(layout.height(), top + segmentHeight);
                for (int y = top; y < bottom; y++) {
                    readRow(open, row);
                    samples.toRgb(row, rgb);
                    image.add(rgb);
                }
            } catch (IOException e) {
                throw new DamagedFileException(
                        bytes.name() + ": cannot be decoded: the TIFF image is damaged or cut short (" + e.getMessage()
                                + ")",
                        e);
            } finally {
                open.forEach(TiffDecoder::close);
            }
        }
        return image.image();
    }

    private void readRow(List<InputStream> open, int[] row) throws IOException {
        byte[] packed = new byte[layout.rowBytes(segmentWidth)];
        for (int i = 0; i < open.size(); i++) {
            int left = i % across * segmentWidth;
            int columns = Math.min(segmentWidth, layout.width() - left);
            if (open.get(i).readNBytes(packed, 0, packed.length) < packed.length) {
                throw new IOException("its pixels end early");
            }
            samples.unpack(packed, segmentWidth, columns, row, left, i / across);
        }
    }

    private InputStream open(int plane, int index) {
        int segment = plane * (offsets.length / planes) + index;
        long from = offsets[segment];
        boolean whole = layout.compression() == TiffLayout.Compression.NONE || segment >= counts.length;
        long length = whole ? file.length - from : Math.min(counts[segment], file.length - from);
        if (from < 0 || from >= file.length || length < 0) {
            throw bytes.damaged("a TIFF image with pixels beyond the end of the file");
        }
        InputStream stored = new ByteArrayInputStream(file, (int) from, (int) length);
        InputStream ordered = layout.reversedBits() ? new ReversedBits(stored) : stored;
        return switch (layout.compression()) {
            case NONE, LIBTIFF -> ordered;
            case LZW -> new TiffLzw(ordered);
            case DEFLATE -> new InflaterInputStream(ordered);
            case PACK_BITS -> new PackBits(ordered);
        };
    }

    private static void close(InputStream stream) {
        try {
            stream.close();
        } catch (IOException impossible) { // these streams read from memory
            throw new IllegalStateException(impossible);
        }
    }

    /** Returns bytes with their bits reversed, for files in which the lowest bit comes first. */
    private static final class ReversedBits extends FilterInputStream {
        ReversedBits(InputStream stored) {
            super(stored);
        }

        @Override
        public int read() throws IOException {
            int octet = super.read();
            return octet < 0 ? octet : Integer.reverse(octet) >>> 24;
        }

        @Override
        public int read(byte[] target, int from, int length) throws IOException {
            int count = super.read(target, from, length);
            for (int i = from; i < from + count; i++) {
                target[i] = (byte) (Integer.reverse(target[i] & 0xff) >>> 24);
            }
            return count;
        }
    }
}
