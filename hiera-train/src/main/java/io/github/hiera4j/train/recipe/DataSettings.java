package io.github.hiera4j.train.recipe;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.media.preprocess.Normalisation;
import io.github.hiera4j.media.resample.Interpolation;
import io.github.hiera4j.model.io.Printable;

/**
 * How samples are loaded, in training and in evaluation.
 *
 * @param batchSize samples of one pass through the network
 * @param repeats times a sample is shown in a row (repeated augmentation)
 * @param interpolation the filter that resizes: bicubic or bilinear
 * @param normalisation imagenet or kinetics
 * @param testShare share of the central square that evaluation shows, per side, in (0, 1]
 * @param frameStride frames from one to the next at 30 per second (video)
 * @param testClips clips per video in evaluation
 * @param testCrops crops per clip in evaluation: 1, the centre; or 3, along the longer side
 * @param workers threads that load data
 * @param cacheMegabytes limit for decoded samples that are kept in memory, in MiB; they change speed only
 * @param shuffleBuffer tar shards: samples among which the next one is drawn; 0: all samples of the data set are shuffled
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
     * @param batchSize samples of one pass through the network
     * @param repeats times a sample is shown in a row (repeated augmentation)
     * @param interpolation the filter that resizes: bicubic or bilinear
     * @param normalisation imagenet or kinetics
     * @param testShare share of the central square that evaluation shows, per side, in (0, 1]
     * @param frameStride frames from one to the next at 30 per second (video)
     * @param testClips clips per video in evaluation
     * @param testCrops crops per clip in evaluation: 1, the centre; or 3, along the longer side
     * @param workers threads that load data
     * @param cacheMegabytes limit for decoded samples that are kept in memory, in MiB; they change speed only
     * @param shuffleBuffer tar shards: samples among which the next one is drawn; 0: all samples of the data set are shuffled
     * @throws io.github.hiera4j.model.HieraException that names the first setting that is out of range
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

    /** {@return the filter that resizes} */
    public Interpolation filter() {
        return Interpolation.parse(interpolation);
    }

    /** {@return mean and standard deviation of the pixels} */
    public Normalisation pixelNormalisation() {
        return normalisation.equals("imagenet") ? Normalisation.IMAGENET : Normalisation.KINETICS;
    }

    /**
     * These settings with another batch size.
     *
     * @param samples of one pass through the network
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
