package io.github.hiera4j.train.data;

import io.github.hiera4j.media.MediaFile;
import io.github.hiera4j.media.MediaKind;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.image.ImageReader;
import io.github.hiera4j.media.video.VideoReader;
import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Samples in separate files, images or videos. */
public final class FileSource implements SampleSource {
    private final List<Labelled> files;

    /** A file and its class, {@link SampleSource#NO_LABEL} if it has none. */
    public record Labelled(Path path, int label) {}

    /**
     * Creates a source of files with labels.
     *
     * @param files files with their labels
     */
    public FileSource(List<Labelled> files) {
        this.files = List.copyOf(files);
    }

    /**
     * Creates a source of files without classes, for pretraining.
     *
     * @param files the files
     * @return the source
     */
    public static FileSource unlabelled(List<Path> files) {
        return new FileSource(
                files.stream().map(file -> new Labelled(file, NO_LABEL)).toList());
    }

    @Override
    public int size() {
        return files.size();
    }

    @Override
    public int label(int index) {
        return files.get(index).label();
    }

    @Override
    public String name(int index) {
        return files.get(index).path().toString();
    }

    /**
     * {@return the path of a sample}
     *
     * @param index from 0
     */
    public Path path(int index) {
        return files.get(index).path();
    }

    @Override
    public InputStream content(int index) {
        Path path = existing(index);
        try {
            return Files.newInputStream(path);
        } catch (IOException fault) {
            throw FileFault.unreadable(path, fault);
        }
    }

    @Override
    public List<Rgb8Image> read(int index, ClipChoice clip) {
        Path path = existing(index);
        if (MediaFile.recognise(path).kind() == MediaKind.IMAGE) {
            return List.of(ImageReader.read(path));
        }
        try (VideoReader video = VideoReader.open(path)) {
            return video.framesAt(clip.choose(video.info().duration()).times());
        }
    }

    @Override
    public Optional<DecodedSample> decode(int index, long mostBytes) {
        Path path = existing(index);
        if (MediaFile.recognise(path).kind() == MediaKind.IMAGE) {
            return Optional.of(DecodedSample.of(ImageReader.read(path)));
        }
        try (VideoReader video = VideoReader.open(path)) {
            return video.decode(mostBytes).map(DecodedSample::of);
        }
    }

    private Path existing(int index) {
        Path path = path(index);
        if (!Files.isRegularFile(path)) {
            throw new HieraException(path + ": no such file");
        }
        return path;
    }
}
