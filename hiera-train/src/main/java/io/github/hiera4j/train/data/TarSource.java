package io.github.hiera4j.train.data;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.image.ImageReader;
import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Pictures in tar files, in the layout of WebDataset: {@code KEY.jpg} and {@code KEY.cls}, which holds the class number.
 *
 * <p>Only the headers are read up front; a picture is read from its place when it is needed. Nothing is unpacked.
 */
public final class TarSource implements SampleSource {
    private static final int MOST_LABEL_BYTES = 32;

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
                throw new HieraException(shard + ": cannot be read: " + FileFault.reason(e), e);
            }
        }
        return new TarSource(entries);
    }

    private static void index(Path shard, FileChannel channel, List<Entry> entries) throws IOException {
        Map<String, TarEntries.Entry> pictures = new TreeMap<>();
        Map<String, Integer> labels = new TreeMap<>();
        for (TarEntries.Entry file : TarEntries.read(shard, channel)) {
            String name = file.name();
            int dot = name.indexOf('.', name.lastIndexOf('/') + 1);
            if (dot > 0) {
                String key = name.substring(0, dot);
                String ending = name.substring(dot + 1).toLowerCase(Locale.ROOT);
                if (ending.equals("cls")) {
                    labels.put(key, label(shard, name, TarEntries.bytes(channel, file.offset(), labelBytes(file))));
                } else if (ending.matches("jpe?g|png|webp")) {
                    pictures.put(key, file);
                }
            }
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

    private static int labelBytes(TarEntries.Entry file) {
        return Math.min(file.length(), MOST_LABEL_BYTES);
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
        return List.of(picture(index));
    }

    @Override
    public Optional<DecodedSample> decode(int index, long mostBytes) {
        return Optional.of(DecodedSample.of(picture(index)));
    }

    private Rgb8Image picture(int index) {
        Entry entry = entries.get(index);
        try (FileChannel channel = FileChannel.open(entry.shard(), StandardOpenOption.READ)) {
            return ImageReader.read(TarEntries.bytes(channel, entry.offset(), entry.length()), name(index));
        } catch (IOException e) {
            throw new HieraException(name(index) + ": cannot be read: " + FileFault.reason(e), e);
        }
    }
}
