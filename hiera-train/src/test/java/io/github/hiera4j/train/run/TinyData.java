package io.github.hiera4j.train.run;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.train.data.ClipChoice;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.data.SampleSource;
import io.github.hiera4j.train.optimize.Randomness;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Pictures of noise in memory. Some may be declared damaged. */
record TinyData(int size, Set<Integer> damaged) implements SampleSource {

    static Dataset of(int size, Integer... damaged) {
        return new Dataset("noise", List.of("a", "b"), new TinyData(size, Set.of(damaged)), new TinyData(4, Set.of()));
    }

    @Override
    public int label(int index) {
        return index % 2;
    }

    @Override
    public String name(int index) {
        return "noise " + index;
    }

    /** Simulates tar files; used only by runs with a shuffle buffer. */
    @Override
    public int[] shards() {
        return IntStream.range(0, (size + 9) / 10).map(shard -> 10 * shard).toArray();
    }

    @Override
    public List<Rgb8Image> read(int index, ClipChoice clip) {
        if (damaged.contains(index)) {
            throw new HieraException(name(index) + ": damaged");
        }
        byte[] rgb = new byte[3 * 64 * 64];
        Randomness.of(index).nextBytes(rgb);
        return List.of(Rgb8Image.wrap(64, 64, rgb));
    }
}
