package io.github.hiera4j.train.data;

import io.github.hiera4j.media.Rgb8Image;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Keeps decoded pictures in memory, up to a limit: small data sets are decoded once. Of a video the clip that was read first is
 * kept, so it is for videos that are no longer than a clip.
 */
public final class CachedSource implements SampleSource {
    private final SampleSource source;
    private final long mostBytes;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicReferenceArray<List<Rgb8Image>> kept;

    public CachedSource(SampleSource source, long mostBytes) {
        this.source = source;
        this.mostBytes = mostBytes;
        this.kept = new AtomicReferenceArray<>(source.size());
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
    public List<Rgb8Image> read(int index, ClipChoice clip) {
        List<Rgb8Image> known = kept.get(index);
        if (known != null) {
            return known;
        }
        List<Rgb8Image> read = source.read(index, clip);
        long size = read.stream()
                .mapToLong(frame -> 3L * frame.width() * frame.height())
                .sum();
        if (bytes.addAndGet(size) <= mostBytes) {
            kept.set(index, read);
        } else {
            bytes.addAndGet(-size);
        }
        return read;
    }
}
