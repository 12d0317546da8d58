package io.github.hiera4j.train.data;

import io.github.hiera4j.media.Rgb8Image;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Keeps decoded samples in memory, up to a limit, so that small data sets are decoded once.
 *
 * <p>A cache changes only the speed. Either all frames of a video are kept or none, and every read chooses its clip again: a sample
 * does not depend on earlier reads. A sample that takes more than a sixteenth of the limit is not kept.
 */
public final class CachedSource extends DerivedSource {
    private static final int LARGEST_PART = 16;

    /** Marks a sample that is not kept, so that it is not decoded whole again; no real sample has 0 bytes. */
    private static final DecodedSample NOT_KEPT = new DecodedSample(0, clip -> List.of());

    private final long mostBytes;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicReferenceArray<DecodedSample> kept;

    /**
     * Keeps samples in memory as far as they fit.
     *
     * @param source the samples
     * @param mostBytes limit for the pixels of all samples that are kept
     */
    public CachedSource(SampleSource source, long mostBytes) {
        super(source);
        this.mostBytes = mostBytes;
        this.kept = new AtomicReferenceArray<>(source.size());
    }

    @Override
    public List<Rgb8Image> read(int index, ClipChoice clip) {
        DecodedSample known = kept.get(index);
        if (known == null) {
            known = decode(index);
        }
        return known.bytes() == 0 ? super.read(index, clip) : known.frames().apply(clip);
    }

    private DecodedSample decode(int index) {
        long room = Math.min(mostBytes / LARGEST_PART, mostBytes - bytes.get());
        Optional<DecodedSample> decoded = room > 0 ? decode(index, room) : Optional.empty();
        DecodedSample keep = decoded.filter(sample -> sample.bytes() <= room).orElse(NOT_KEPT);
        if (bytes.addAndGet(keep.bytes()) > mostBytes) {
            bytes.addAndGet(-keep.bytes());
            keep = NOT_KEPT;
        }
        if (!kept.compareAndSet(index, null, keep)) {
            bytes.addAndGet(-keep.bytes()); // another thread was faster
        }
        return decoded.orElse(NOT_KEPT);
    }

    /** {@return the number of bytes of pixels that are currently kept} */
    public long bytes() {
        return bytes.get();
    }
}
