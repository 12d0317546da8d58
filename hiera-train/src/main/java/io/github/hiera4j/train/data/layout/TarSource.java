package io.github.hiera4j.train.data.layout;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.image.ImageReader;
import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.train.data.ClipChoice;
import io.github.hiera4j.train.data.DecodedSample;
import io.github.hiera4j.train.data.SampleSource;
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
import java.util.Set;
import java.util.TreeMap;

/**
 * Images in tar files, in the layout of WebDataset: {@code KEY.jpg} and {@code KEY.cls}, which holds the class number.
 *
 * <p>Only the headers are read up front; an image is read from its place when it is needed. Nothing is unpacked.
 */
final class TarSource implements SampleSource {
    private static final int MOST_LABEL_BYTES = 32;
    private static final int MOST_LABEL_DIGITS = 6;
    private static final Set<String> ENDINGS = Set.of("jpg", "jpeg", "png", "webp");

    private record Entry(Path shard, String name, long offset, int length, int label) {}

    private final List<Entry> entries;

    private TarSource(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /** Indexes shards; throws a {@code HieraException} that names the shard and the fault. */
    static TarSource open(List<Path> shards) {
        List<Entry> entries = new ArrayList<>();
        for (Path shard : shards) {
            List<TarIndex.Entry> files = TarIndex.read(shard);
            try (FileChannel channel = FileChannel.open(shard, StandardOpenOption.READ)) {
                index(shard, channel, files, entries);
            } catch (IOException e) {
                throw FileFault.unreadable(shard, e);
            }
        }
        return new TarSource(entries);
    }

    private static void index(Path shard, FileChannel channel, List<TarIndex.Entry> files, List<Entry> entries)
            throws IOException {
        Map<String, TarIndex.Entry> images = new TreeMap<>();
        Map<String, Integer> labels = new TreeMap<>();
        for (TarIndex.Entry file : files) {
            String name = file.name();
            int dot = name.indexOf('.', name.lastIndexOf('/') + 1);
            if (dot > 0) {
                String key = name.substring(0, dot);
                String ending = name.substring(dot + 1).toLowerCase(Locale.ROOT);
                if (ending.equals("cls")) {
                    int length = Math.min(file.length(), MOST_LABEL_BYTES);
                    labels.put(key, label(shard, name, TarIndex.bytes(channel, file.offset(), length)));
                } else if (ENDINGS.contains(ending)) {
                    images.put(key, file);
                }
            }
        }
        images.forEach((key, image) -> {
            Integer label = labels.get(key);
            check(
                    label != null,
                    "%s: %s has no class: expected %s.cls beside it",
                    shard,
                    Printable.of(image.name()),
                    Printable.of(key));
            entries.add(new Entry(shard, image.name(), image.offset(), image.length(), Objects.requireNonNull(label)));
        });
    }

    private static int label(Path shard, String name, byte[] content) {
        String text = new String(content, StandardCharsets.UTF_8).strip();
        boolean number = !text.isEmpty()
                && text.length() <= MOST_LABEL_DIGITS
                && text.chars().allMatch(c -> c >= '0' && c <= '9');
        check(number, "%s: %s holds no class number", shard, Printable.of(name));
        return Integer.parseInt(text);
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
        return entries.get(index).shard() + "!"
                + Printable.of(entries.get(index).name());
    }

    @Override
    public List<Rgb8Image> read(int index, ClipChoice clip) {
        return List.of(image(index));
    }

    @Override
    public Optional<DecodedSample> decode(int index, long mostBytes) {
        return Optional.of(DecodedSample.of(image(index)));
    }

    private Rgb8Image image(int index) {
        Entry entry = entries.get(index);
        try (FileChannel channel = FileChannel.open(entry.shard(), StandardOpenOption.READ)) {
            return ImageReader.read(TarIndex.bytes(channel, entry.offset(), entry.length()), name(index));
        } catch (IOException e) {
            throw FileFault.unreadable(name(index), e);
        }
    }
}
