package io.github.hiera4j.serve.model;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.api.LoadOptions;
import io.github.hiera4j.api.segment.SegmenterOptions;
import io.github.hiera4j.detect.DetectorOptions;
import java.time.Duration;

/**
 * How models are loaded and batched.
 *
 * @param load how encoders and classifiers are loaded
 * @param segmenter how SAM 2 models are loaded
 * @param detector how detectors are loaded; its threshold is the lowest that clients can request
 * @param largestBatch views that a model computes at once, at most
 * @param delay how long a view waits for others to share a batch with
 */
public record ServeSettings(
        LoadOptions load, SegmenterOptions segmenter, DetectorOptions detector, int largestBatch, Duration delay) {
    /** Detections score higher, whatever clients request: masks of hundreds of unlikely ones would be computed for nothing. */
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
     * @param load how encoders and classifiers are loaded
     * @param segmenter how SAM 2 models are loaded
     * @param largestBatch views that a model computes at once, at most
     * @param delay how long a view waits for others to share a batch with
     * @param detector how detectors are loaded; its threshold is the lowest that clients can request
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public ServeSettings {
        check(largestBatch >= 1 && largestBatch <= 1024, "the largest batch must be 1 to 1024, got %d", largestBatch);
        check(!delay.isNegative() && delay.toSeconds() <= 10, "the delay of a batch must be 0 to 10 s, got %s", delay);
    }

    /**
     * {@return these settings with another batching}
     *
     * @param largest samples of a batch, at most
     * @param longestDelay how long a sample waits for others, at most
     */
    public ServeSettings withBatch(int largest, Duration longestDelay) {
        return new ServeSettings(load, segmenter, detector, largest, longestDelay);
    }
}
