package io.github.hiera4j.train.data;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.HieraException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** Images or videos with their classes, by index. Reading is safe from several threads. */
public interface SampleSource {
    /** The label of samples without a class; only pretraining accepts them. */
    int NO_LABEL = -1;

    /** {@return the number of samples} */
    int size();

    /**
     * {@return the class of a sample, from 0, or {@link #NO_LABEL}}
     *
     * @param index from 0
     */
    int label(int index);

    /**
     * {@return the name of a sample in messages: normally its file}
     *
     * @param index from 0
     */
    String name(int index);

    /**
     * {@return text that changes when the annotations of a sample other than its class change: boxes, outlines} A run can only be
     * resumed with the same annotations.
     *
     * @param index from 0
     */
    default String annotation(int index) {
        return "";
    }

    /**
     * {@return the index of the first sample of every shard, ascending; empty if samples are separate files}
     *
     * <p>The samples of a shard are stored consecutively in one file: reading them in this order is the cheapest.
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
     * {@return the frames of a sample, a single one for an image}
     *
     * @param index from 0
     * @param clip which frames of a video
     * @throws io.github.hiera4j.model.HieraException if it cannot be read; another sample can replace it
     */
    List<Rgb8Image> read(int index, ClipChoice clip);

    /**
     * Decodes a whole sample into memory, for a cache.
     *
     * @param index from 0
     * @param mostBytes largest size of the decoded sample
     * @return empty if it would take more, or if this source cannot decode whole samples
     * @throws io.github.hiera4j.model.HieraException if it cannot be read
     */
    default Optional<DecodedSample> decode(int index, long mostBytes) {
        return Optional.empty();
    }
}
