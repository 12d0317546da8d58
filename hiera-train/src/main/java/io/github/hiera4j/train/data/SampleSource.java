package io.github.hiera4j.train.data;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.HieraException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** Images or videos with their classes, by index. Reading is safe from several threads. */
public interface SampleSource {
    /** The class of samples that have none; only pretraining takes them. */
    int NO_LABEL = -1;

    /** {@return how many samples there are} */
    int size();

    /**
     * {@return the class of a sample, from 0, or {@link #NO_LABEL}}
     *
     * @param index from 0
     */
    int label(int index);

    /**
     * {@return what messages call a sample: its file, normally}
     *
     * @param index from 0
     */
    String name(int index);

    /**
     * {@return text that changes when what is known about a sample beyond its class changes: boxes, outlines} A run is resumed with
     * the same annotations only.
     *
     * @param index from 0
     */
    default String annotation(int index) {
        return "";
    }

    /**
     * {@return the index of the first sample of every shard, ascending; empty if samples are separate files}
     *
     * <p>Samples of a shard lie one after the other in one file: reading them in this order is cheaper than in any other.
     */
    default int[] shards() {
        return new int[0];
    }

    /**
     * Opens a sample as it is stored, compressed; for copying.
     *
     * @param index from 0
     * @return its bytes; the caller closes them
     * @throws io.github.hiera4j.model.HieraException if it cannot be opened, or this source has no files
     */
    default InputStream content(int index) {
        throw new HieraException(name(index) + ": is not stored as a file that can be copied");
    }

    /**
     * {@return the frames of a sample, one for an image}
     *
     * @param index from 0
     * @param clip which frames of a video
     * @throws io.github.hiera4j.model.HieraException if it cannot be read; another sample can take its place
     */
    List<Rgb8Image> read(int index, ClipChoice clip);

    /**
     * A whole sample in memory, for a cache.
     *
     * @param index from 0
     * @param mostBytes largest size of the decoded sample
     * @return empty if it would take more, or if this source does not decode samples whole
     * @throws io.github.hiera4j.model.HieraException if it cannot be read
     */
    default Optional<DecodedSample> decode(int index, long mostBytes) {
        return Optional.empty();
    }
}
