package io.github.hiera4j.api;

import static io.github.hiera4j.model.Check.check;

/**
 * How files become the model's input.
 *
 * @param clips clips of a video, spread evenly over it; their results are averaged
 * @param crops crops of each clip: 1, the centre; or 3, along the longer side
 * @param stride frames from one to the next, counted at 30 per second
 * @param batch views (images, or crops of clips) that the model computes at once
 * @param workers threads that decode ahead of the model
 */
public record ReadOptions(int clips, int crops, int stride, int batch, int workers) {
    /** The released models' test: 5 clips of 3 crops, stride 4; one view at a time, as many workers as processors. */
    public static final ReadOptions DEFAULT =
            new ReadOptions(5, 3, 4, 1, Runtime.getRuntime().availableProcessors());

    /** One clip from the middle of a video, cropped at the centre. */
    public static final ReadOptions SINGLE_VIEW = DEFAULT.withViews(1, 1);

    public ReadOptions {
        check(clips >= 1 && clips <= 1000, "clips must be 1 to 1000, got %d", clips);
        check(crops == 1 || crops == 3, "crops must be 1 or 3, got %d", crops);
        check(stride >= 1 && stride <= 1000, "stride must be 1 to 1000, got %d", stride);
        check(batch >= 1 && batch <= 1024, "batch must be 1 to 1024, got %d", batch);
        check(workers >= 1 && workers <= 256, "workers must be 1 to 256, got %d", workers);
    }

    public ReadOptions withViews(int newClips, int newCrops) {
        return new ReadOptions(newClips, newCrops, stride, batch, workers);
    }

    public ReadOptions withStride(int frames) {
        return new ReadOptions(clips, crops, frames, batch, workers);
    }

    public ReadOptions withBatch(int views) {
        return new ReadOptions(clips, crops, stride, views, workers);
    }
}
