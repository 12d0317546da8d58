package io.github.hiera4j.cli.media;

import io.github.hiera4j.api.MediaInput;
import io.github.hiera4j.media.MediaFile;
import io.github.hiera4j.media.MediaFormat;
import io.github.hiera4j.media.MediaKind;
import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.train.data.layout.TarStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The images and videos in files: the file itself, or the entries of a tar file, which is read sequentially as items are taken. A fault
 * in a tar file is reported as one line.
 */
final class MediaItems implements Iterator<MediaItems.Item>, AutoCloseable {
    private final Iterator<Path> files;
    private final boolean opensTars;
    private final Consumer<String> complain;
    private Iterator<Item> current = Collections.emptyIterator();
    private @Nullable TarStream tar;

    /**
     * An image or video.
     *
     * @param input the input for a model
     * @param kind the kind according to its first bytes; empty if unknown
     */
    record Item(MediaInput input, Supplier<Optional<MediaKind>> kind) {
        static Item of(Path file) {
            return new Item(MediaInput.of(file), () -> {
                try {
                    return Optional.of(MediaFile.recognise(file).kind());
                } catch (HieraException unknown) {
                    return Optional.empty();
                }
            });
        }

        static Item of(String name, byte[] content) {
            byte[] start = Arrays.copyOf(content, Math.min(content.length, MediaFormat.MAGIC_BYTES));
            return new Item(
                    MediaInput.of(name, content),
                    () -> MediaFormat.detect(start).map(MediaFormat::kind));
        }
    }

    /**
     * @param opensTars whether tar files are replaced by their entries
     * @param complain receives one line about each tar file, or part of one, that cannot be read
     */
    MediaItems(Iterator<Path> files, boolean opensTars, Consumer<String> complain) {
        this.files = files;
        this.opensTars = opensTars;
        this.complain = complain;
    }

    @Override
    public boolean hasNext() {
        while (!current.hasNext() && files.hasNext()) {
            Path file = files.next();
            boolean isTar =
                    opensTars && file.toString().toLowerCase(Locale.ROOT).endsWith(".tar") && Files.isRegularFile(file);
            current = isTar ? open(file) : Collections.singleton(Item.of(file)).iterator();
        }
        return current.hasNext();
    }

    @Override
    public Item next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return current.next();
    }

    private Iterator<Item> open(Path file) {
        close();
        try {
            TarStream stream = new TarStream(file.toString(), Files.newInputStream(file));
            tar = stream;
            return new Iterator<>() {
                private @Nullable Item next;
                private boolean ended;

                @Override
                public boolean hasNext() {
                    while (next == null && !ended) {
                        next = read(file, stream);
                        ended = tar != stream;
                    }
                    return next != null;
                }

                @Override
                public Item next() {
                    if (!hasNext()) {
                        throw new NoSuchElementException();
                    }
                    Item item = Objects.requireNonNull(next);
                    next = null;
                    return item;
                }
            };
        } catch (IOException fault) {
            complain.accept(String.valueOf(FileFault.unreadable(file, fault).getMessage()));
            return Collections.emptyIterator();
        }
    }

    /** Returns the next item of a tar file, or null at the end or if the item is too large. */
    private @Nullable Item read(Path file, TarStream stream) {
        try {
            Optional<TarStream.Entry> entry = stream.next();
            if (entry.isEmpty()) {
                close();
                return null;
            }
            String name = file + "!" + entry.get().name();
            if (entry.get().length() > TarStream.MOST_BYTES) {
                complain.accept(name + ": is larger than " + (TarStream.MOST_BYTES >> 20) + " MB");
                return null;
            }
            return Item.of(name, entry.get().content());
        } catch (HieraException fault) {
            close();
            complain.accept(String.valueOf(fault.getMessage()));
            return null;
        }
    }

    @Override
    public void close() {
        TarStream open = tar;
        tar = null;
        if (open != null) {
            open.close();
        }
    }
}
