package io.github.hiera4j.train.data.layout;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.media.MediaFile;
import io.github.hiera4j.media.MediaFormat;
import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.AtomicFile;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.data.EpochOrder;
import io.github.hiera4j.train.data.SampleSource;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Copies a data set into tar files: {@code train-000000.tar}, …, {@code val-000000.tar}, …, and {@code classes.txt}. Training samples
 * are shuffled, so that every shard is a mix of classes. The same data and seed give the same bytes.
 */
public final class ShardWriter {
    private static final long MOST_BYTES = 1L << 28; // of a sample: the limit of the readers

    private final int samples;
    private final long seed;
    private final Consumer<String> complain;

    /**
     * Creates a writer.
     *
     * @param samples of a shard, from 1
     * @param seed decides the order of the training samples
     * @param complain receives one line about each sample that is left out because it cannot be read
     */
    public ShardWriter(int samples, long seed, Consumer<String> complain) {
        check(samples >= 1 && samples <= 10_000_000, "a shard has 1 to 10000000 samples, got %d", samples);
        this.samples = samples;
        this.seed = seed;
        this.complain = complain;
    }

    /**
     * A summary of the written shards.
     *
     * @param shards number of tar files
     * @param samples number of samples in them
     * @param bytes of the tar files
     * @param leftOut number of samples that could not be read
     */
    public record Written(int shards, long samples, long bytes, long leftOut) {
        private Written plus(Written other) {
            return new Written(
                    shards + other.shards, samples + other.samples, bytes + other.bytes, leftOut + other.leftOut);
        }
    }

    /**
     * Copies a data set.
     *
     * @param dataset with or without classes; its samples are files or are stored in shards
     * @param directory a directory without tar files; created if missing
     * @return the summary
     * @throws HieraException if the directory has tar files, or cannot be written
     */
    public Written write(Dataset dataset, Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException fault) {
            throw FileFault.unreadable(directory, fault);
        }
        List<Path> before = MediaFiles.files(directory, "", ".tar");
        check(
                before.isEmpty(),
                "%s: already contains tar files, such as %s; choose an empty directory",
                directory,
                before.isEmpty() ? "" : MediaFiles.name(before.get(0)));
        Written train =
                part(dataset.train(), EpochOrder.shuffled(dataset.train().size(), 1, seed, 0), directory, "train");
        int[] inOrder = IntStream.range(0, dataset.validation().size()).toArray();
        Written held = part(dataset.validation(), inOrder, directory, "val");
        if (dataset.isLabelled()) {
            byte[] names = (String.join("\n", dataset.classNames()) + "\n").getBytes(StandardCharsets.UTF_8);
            AtomicFile.write(directory.resolve("classes.txt"), channel -> channel.write(ByteBuffer.wrap(names)));
        }
        return train.plus(held);
    }

    private Written part(SampleSource source, int[] order, Path directory, String name) {
        Written written = new Written(0, 0, 0, 0);
        for (int first = 0; first < order.length; first += samples) {
            int[] chosen = Arrays.copyOfRange(order, first, Math.min(order.length, first + samples));
            Path file = directory.resolve(String.format(Locale.ROOT, "%s-%06d.tar", name, written.shards()));
            written = written.plus(shard(source, chosen, first, file));
        }
        return written;
    }

    private Written shard(SampleSource source, int[] chosen, int first, Path file) {
        int[] leftOut = {0};
        AtomicFile.write(file, channel -> {
            OutputStream stream = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 20) {
                @Override
                public void close() throws IOException {
                    flush(); // the channel belongs to the caller
                }
            };
            try (TarArchiveOutputStream tar = new TarArchiveOutputStream(stream, StandardCharsets.UTF_8.name())) {
                for (int i = 0; i < chosen.length; i++) {
                    leftOut[0] += copied(source, chosen[i], first + i, tar) ? 0 : 1;
                }
            }
        });
        try {
            return new Written(1, chosen.length - leftOut[0], Files.size(file), leftOut[0]);
        } catch (IOException fault) {
            throw FileFault.unreadable(file, fault);
        }
    }

    /** Writes one sample; false if it cannot be read. */
    private boolean copied(SampleSource source, int index, int number, TarArchiveOutputStream tar) throws IOException {
        byte[] bytes;
        String ending;
        try {
            bytes = bytes(source, index);
            ending = ending(source.name(index), bytes);
        } catch (HieraException fault) {
            complain.accept(fault.getMessage());
            return false;
        }
        String key = String.format(Locale.ROOT, "%09d", number);
        add(tar, key + "." + ending, bytes);
        int label = source.label(index);
        if (label != SampleSource.NO_LABEL) {
            add(tar, key + ".cls", String.valueOf(label).getBytes(StandardCharsets.UTF_8));
        }
        return true;
    }

    private static byte[] bytes(SampleSource source, int index) {
        try (InputStream content = source.content(index)) {
            byte[] bytes = content.readNBytes((int) MOST_BYTES + 1);
            check(
                    bytes.length <= MOST_BYTES,
                    "%s: is larger than %d MB, the limit for a sample in a tar shard",
                    source.name(index),
                    MOST_BYTES >> 20);
            return bytes;
        } catch (IOException fault) {
            throw FileFault.unreadable(source.name(index), fault);
        }
    }

    /** Returns the extension of a sample's name if it is that of an image or video, otherwise the extension of its format. */
    private static String ending(String name, byte[] bytes) {
        byte[] start = Arrays.copyOf(bytes, Math.min(bytes.length, MediaFormat.MAGIC_BYTES));
        MediaFormat format = MediaFormat.detect(start).orElseThrow(() -> MediaFile.unrecognised(name, start));
        if (MediaFiles.isMedia(name)) {
            return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        }
        return format == MediaFormat.MATROSKA ? "mkv" : format.name().toLowerCase(Locale.ROOT);
    }

    private static void add(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        entry.setModTime(0);
        entry.setIds(0, 0);
        entry.setNames("", "");
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }
}
