package io.github.hiera4j.train.data;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.media.ImageReader;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.HieraException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Pictures in tar files, in the layout of WebDataset: {@code KEY.jpg} and {@code KEY.cls}, which holds the class number.
 *
 * <p>Only the headers are read up front; a picture is read from its place when it is needed. Nothing is unpacked.
 */
public final class TarSource implements SampleSource {
    private static final int BLOCK = 512;
    private static final long MOST_BYTES = 1L << 28;

    private record Entry(Path shard, String name, long offset, int length, int label) {}

    private final List<Entry> entries;

    private TarSource(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /** Indexes shards; throws a {@code HieraException} that names the shard and the fault. */
    public static TarSource open(List<Path> shards) {
        List<Entry> entries = new ArrayList<>();
        for (Path shard : shards) {
            try (FileChannel channel = FileChannel.open(shard, StandardOpenOption.READ)) {
                index(shard, channel, entries);
            } catch (IOException e) {
                throw new HieraException(shard + ": cannot be read: " + e.getMessage(), e);
            }
        }
        return new TarSource(entries);
    }

    private static void index(Path shard, FileChannel channel, List<Entry> entries) throws IOException {
        Map<String, Entry> pictures = new TreeMap<>();
        Map<String, Integer> labels = new TreeMap<>();
        ByteBuffer header = ByteBuffer.allocate(BLOCK);
        long position = 0;
        while (position + BLOCK <= channel.size()) {
            readFully(channel, header.clear(), position);
            if (header.get(0) == 0) {
                break;
            }
            String name = text(header, 0, 100);
            long length = octal(shard, header, 124, 12);
            long start = position + BLOCK;
            check(start + length <= channel.size(), "%s: the entry %s reaches beyond the end of the file", shard, name);
            check(length <= MOST_BYTES, "%s: the entry %s is too large (%d bytes)", shard, name, length);
            int dot = name.indexOf('.', name.lastIndexOf('/') + 1);
            byte kind = header.get(156);
            if (dot > 0 && (kind == '0' || kind == 0)) {
                String key = name.substring(0, dot);
                String ending = name.substring(dot + 1).toLowerCase(Locale.ROOT);
                if (ending.equals("cls")) {
                    labels.put(key, label(shard, name, read(channel, start, (int) Math.min(length, 32))));
                } else if (ending.matches("jpe?g|png|webp")) {
                    pictures.put(key, new Entry(shard, name, start, (int) length, -1));
                }
            }
            position = start + (length + BLOCK - 1) / BLOCK * BLOCK;
        }
        pictures.forEach((key, picture) -> {
            Integer label = labels.get(key);
            check(label != null, "%s: %s has no class: expected %s.cls beside it", shard, picture.name(), key);
            entries.add(new Entry(
                    shard, picture.name(), picture.offset(), picture.length(), Objects.requireNonNull(label)));
        });
    }

    private static int label(Path shard, String name, byte[] content) {
        String text = new String(content, StandardCharsets.UTF_8).strip();
        check(text.matches("\\d{1,6}"), "%s: %s holds no class number", shard, name);
        return Integer.parseInt(text);
    }

    private static String text(ByteBuffer header, int start, int length) {
        byte[] bytes = new byte[length];
        header.get(start, bytes);
        int end = 0;
        while (end < length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    private static long octal(Path shard, ByteBuffer header, int start, int length) {
        String digits = text(header, start, length).strip();
        check(digits.matches("[0-7]{1,12}"), "%s: not a tar file, or a damaged one", shard);
        return Long.parseLong(digits, 8);
    }

    private static byte[] read(FileChannel channel, long start, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        readFully(channel, buffer, start);
        return buffer.array();
    }

    private static void readFully(FileChannel channel, ByteBuffer buffer, long position) throws IOException {
        long at = position;
        while (buffer.hasRemaining()) {
            int count = channel.read(buffer, at);
            if (count < 0) {
                throw new IOException("the file ends too early");
            }
            at += count;
        }
    }

    @Override
    public int size() {
        return entries.size();
    }

    @Override
    public int label(int index) {
        return entries.get(index).label();
    }

    @Override
    public String name(int index) {
        return entries.get(index).shard() + "!" + entries.get(index).name();
    }

    @Override
    public List<Rgb8Image> read(int index, ClipChoice clip) {
        Entry entry = entries.get(index);
        try (FileChannel channel = FileChannel.open(entry.shard(), StandardOpenOption.READ)) {
            return List.of(ImageReader.read(read(channel, entry.offset(), entry.length()), name(index)));
        } catch (IOException e) {
            throw new HieraException(name(index) + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
