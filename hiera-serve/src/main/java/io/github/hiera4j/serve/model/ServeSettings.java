package io.github.hiera4j.serve.model;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.api.LoadOptions;
import io.github.hiera4j.api.segment.SegmenterOptions;
import io.github.hiera4j.detect.DetectorOptions;
import java.time.Duration;

/**
 * Settings for loading and batching models.
 *
 * @param load options for loading encoders and classifiers
 * @param segmenter options for loading SAM 2 models
 * @param detector options for loading detectors; their threshold is the lowest that clients can request
 * @param largestBatch largest number of views that a model computes at once
 * @param delay how long a view waits for others to share a batch with
 */
public record ServeSettings(
        LoadOptions load, SegmenterOptions segmenter, DetectorOptions detector, int largestBatch, Duration delay) {
    /** Smallest score of detections, regardless of requests: otherwise masks of hundreds of unlikely detections would be computed in vain. */
    public static final double LOWEST_THRESHOLD = 0.05;

    /** Float32 on the preferred backend, batches of up to 16, 5 milliseconds. */
    public static final ServeSettings DEFAULT = new ServeSettings(
            LoadOptions.DEFAULT,
            SegmenterOptions.DEFAULT,
            DetectorOptions.DEFAULT.withThreshold(LOWEST_THRESHOLD),
            16,
            Duration.ofMillis(5));

    /**
     * Checks the values.
     *
     * @param load options for loading encoders and classifiers
     * @param segmenter options for loading SAM 2 models
     * @param largestBatch largest number of views that a model computes at once
     * @param delay how long a view waits for others to share a batch with
     * @param detector options for loading detectors; their threshold is the lowest that clients can request
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public ServeSettings {
        check(largestBatch >= 1 && largestBatch <= 1024, "the largest batch must be 1 to 1024, got %d", largestBatch);
        check(!delay.isNegative() && delay.toSeconds() <= 10, "the delay of a batch must be 0 to 10 s, got %s", delay);
    }

    /**
     * {@return these settings with other settings for batches}
     *
     * @param largest largest number of samples in a batch
     * @param longestDelay longest time that a sample waits for others
     */
    public ServeSettings withBatch(int largest, Duration longestDelay) {
        return new ServeSettings(load, segmenter, detector, largest, longestDelay);
    }
}
