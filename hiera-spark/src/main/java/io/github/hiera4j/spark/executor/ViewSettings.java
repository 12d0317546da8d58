package io.github.hiera4j.spark.executor;

import io.github.hiera4j.api.ReadOptions;
import java.io.Serializable;

/**
 * Settings for reading files; 0 uses the checkpoint's setting.
 *
 * @param clips number of clips of a video
 * @param crops number of crops of a clip
 * @param stride distance between the frames of a clip
 * @param batch number of views computed at once
 * @param workers number of threads that decode ahead
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

    /** Number of rows that a task passes to the model before it takes the first result. */
    int ahead() {
        return 2 * (batch + workers);
    }
}
