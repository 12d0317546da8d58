package io.github.hiera4j.spark.executor;

import io.github.hiera4j.api.ReadOptions;
import java.io.Serializable;

/**
 * How files are read; 0 leaves a number to the checkpoint.
 *
 * @param clips clips of a video
 * @param crops crops of a clip
 * @param stride frames between a clip's frames
 * @param batch views that are computed at once
 * @param workers threads that decode ahead
 */
public record ViewSettings(int clips, int crops, int stride, int batch, int workers) implements Serializable {
    ReadOptions of(ReadOptions own) {
        return own.toBuilder()
                .clips(clips == 0 ? own.clips() : clips)
                .crops(crops == 0 ? own.crops() : crops)
                .stride(stride == 0 ? own.stride() : stride)
                .batch(batch)
                .workers(workers)
                .build();
    }

    /** Rows that a task hands to the model before it takes the first result. */
    int ahead() {
        return 2 * (batch + workers);
    }
}
