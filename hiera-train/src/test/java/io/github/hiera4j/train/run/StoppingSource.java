package io.github.hiera4j.train.run;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.train.data.ClipChoice;
import io.github.hiera4j.train.data.DecodedSample;
import io.github.hiera4j.train.data.DerivedSource;
import io.github.hiera4j.train.data.SampleSource;
import java.util.List;
import java.util.Optional;

/**
 * Requests a stop after a number of samples. The loader reads ahead, so the run stops at the step of that sample or the one before.
 */
final class StoppingSource extends DerivedSource {
    private final StopSignal stop;
    private int left;

    StoppingSource(SampleSource source, int left, StopSignal stop) {
        super(source);
        this.left = left;
        this.stop = stop;
    }

    @Override
    public synchronized List<Rgb8Image> read(int index, ClipChoice clip) {
        if (--left == 0) {
            stop.request();
        }
        return super.read(index, clip);
    }

    @Override
    public Optional<DecodedSample> decode(int index, long mostBytes) {
        return Optional.empty(); // so that every sample is read, and counted
    }
}
