package io.github.hiera4j.train.data;

import io.github.hiera4j.media.Rgb8Image;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** The samples of another source; a subclass changes how they are read. */
public abstract class DerivedSource implements SampleSource {
    private final SampleSource source;

    /**
     * Delegates to another source.
     *
     * @param source the samples
     */
    protected DerivedSource(SampleSource source) {
        this.source = source;
    }

    @Override
    public int size() {
        return source.size();
    }

    @Override
    public int label(int index) {
        return source.label(index);
    }

    @Override
    public String name(int index) {
        return source.name(index);
    }

    @Override
    public String annotation(int index) {
        return source.annotation(index);
    }

    @Override
    public int[] shards() {
        return source.shards();
    }

    @Override
    public InputStream content(int index) {
        return source.content(index);
    }

    @Override
    public List<Rgb8Image> read(int index, ClipChoice clip) {
        return source.read(index, clip);
    }

    @Override
    public Optional<DecodedSample> decode(int index, long mostBytes) {
        return source.decode(index, mostBytes);
    }
}
