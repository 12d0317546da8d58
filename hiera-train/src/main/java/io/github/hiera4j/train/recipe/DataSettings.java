package io.github.hiera4j.train.recipe;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.media.preprocess.Normalisation;
import io.github.hiera4j.media.resample.Interpolation;
import io.github.hiera4j.model.io.Printable;

/**
 * Settings for loading samples, in training and in evaluation.
 *
 * @param batchSize samples per pass through the network
 * @param repeats number of times a sample is shown in a row (repeated augmentation)
 * @param interpolation the resizing filter, such as bicubic or bilinear
 * @param normalisation imagenet or kinetics
 * @param testShare fraction of the central square's side that evaluation shows, in (0, 1]
 * @param frameStride distance between the frames of a clip, in frames at 30 per second (video)
 * @param testClips clips per video in evaluation
 * @param testCrops crops per clip in evaluation: 1, the centre; or 3, along the longer side
 * @param workers threads that load data
 * @param cacheMegabytes limit for decoded samples kept in memory, in MiB; affects only the speed
 * @param shuffleBuffer tar shards: number of samples among which the next one is drawn; 0: all samples of the data set are shuffled
 */
public record DataSettings(
        int batchSize,
        int repeats,
        String interpolation,
        String normalisation,
        double testShare,
        int frameStride,
        int testClips,
        int testCrops,
        int workers,
        int cacheMegabytes,
        int shuffleBuffer) {

    /**
     * Checks the settings.
     *
     * @param batchSize samples per pass through the network
     * @param repeats number of times a sample is shown in a row (repeated augmentation)
     * @param interpolation the resizing filter, such as bicubic or bilinear
     * @param normalisation imagenet or kinetics
     * @param testShare fraction of the central square's side that evaluation shows, in (0, 1]
     * @param frameStride distance between the frames of a clip, in frames at 30 per second (video)
     * @param testClips clips per video in evaluation
     * @param testCrops crops per clip in evaluation: 1, the centre; or 3, along the longer side
     * @param workers threads that load data
     * @param cacheMegabytes limit for decoded samples kept in memory, in MiB; affects only the speed
     * @param shuffleBuffer tar shards: number of samples among which the next one is drawn; 0: all samples of the data set are shuffled
     * @throws io.github.hiera4j.model.HieraException if a setting is out of range; the message names the first one
     */
    public DataSettings {
        Ranges.between("batch_size", batchSize, 1, 1 << 16);
        Ranges.between("repeats", repeats, 1, 1000);
        Interpolation.parse(Printable.of(interpolation));
        check(
                normalisation.equals("imagenet") || normalisation.equals("kinetics"),
                "normalisation must be imagenet or kinetics, got '%s'",
                Printable.of(normalisation));
        Ranges.above("test_share", testShare, 0, 1);
        Ranges.between("frame_stride", frameStride, 1, 1000);
        Ranges.between("test_clips", testClips, 1, 1000);
        check(testCrops == 1 || testCrops == 3, "test_crops must be 1 or 3, got %d", testCrops);
        Ranges.between("workers", workers, 1, 256);
        Ranges.between("cache_megabytes", cacheMegabytes, 0, 1 << 20);
        Ranges.between("shuffle_buffer", shuffleBuffer, 0, 1 << 24);
    }

    /** {@return the resizing filter} */
    public Interpolation filter() {
        return Interpolation.parse(interpolation);
    }

    /** {@return mean and standard deviation of the pixels} */
    public Normalisation pixelNormalisation() {
        return normalisation.equals("imagenet") ? Normalisation.IMAGENET : Normalisation.KINETICS;
    }

    /**
     * Returns these settings with another batch size.
     *
     * @param samples samples per pass through the network
     * @return the settings
     */
    public DataSettings withBatchSize(int samples) {
        return new DataSettings(
                samples,
                repeats,
                interpolation,
                normalisation,
                testShare,
                frameStride,
                testClips,
                testCrops,
                workers,
                cacheMegabytes,
                shuffleBuffer);
    }
}
