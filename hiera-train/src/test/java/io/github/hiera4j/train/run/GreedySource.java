package io.github.hiera4j.train.run;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.train.data.ClipChoice;
import io.github.hiera4j.train.data.DecodedSample;
import io.github.hiera4j.train.data.DerivedSource;
import io.github.hiera4j.train.data.SampleSource;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Allocates more memory than is available, once. */
final class GreedySource extends DerivedSource {
    private final AtomicInteger left;

    GreedySource(SampleSource source, AtomicInteger left) {
        super(source);
        this.left = left;
    }

    @Override
    public List<Rgb8Image> read(int index, ClipChoice clip) {
        if (left.decrementAndGet() == 0) {
            ByteBuffer most = ByteBuffer.allocate(Integer.MAX_VALUE); // more than the heap of a test
            throw new IllegalStateException("this heap is too large for the test: " + most);
        }
        return super.read(index, clip);
    }

    @Override
    public Optional<DecodedSample> decode(int index, long mostBytes) {
        return Optional.empty(); // so that every sample is read, and counted
    }
}
