package io.github.hiera4j.api.insight.timeline;

import io.github.hiera4j.api.Classification;
import io.github.hiera4j.media.Rgb8Image;
import java.util.List;

/**
 * The likeliest classes of a video over time.
 *
 * @param duration of the video, in seconds
 * @param steps one per window, earliest first
 * @param segments parts with one likeliest class, without gaps
 * @param thumbnails frames spread evenly over the video
 * @param warnings faults of the file that did not prevent reading it
 */
public record Timeline(
        double duration, List<Step> steps, List<Segment> segments, List<Thumbnail> thumbnails, List<String> warnings) {

    /**
     * One window.
     *
     * @param start in seconds
     * @param end in seconds
     * @param top the likeliest classes, smoothed over time, the likeliest first
     */
    public record Step(double start, double end, List<Classification> top) {
        /** {@return the middle of the window, in seconds} */
        public double middle() {
            return (start + end) / 2;
        }
    }

    /**
     * A part of the video with one likeliest class.
     *
     * @param start in seconds
     * @param end in seconds
     * @param index the class
     * @param label its name
     * @param probability its mean probability
     */
    public record Segment(double start, double end, int index, String label, double probability) {}

    /**
     * A small frame.
     *
     * @param time in seconds
     * @param picture the frame
     */
    public record Thumbnail(double time, Rgb8Image picture) {}
}
