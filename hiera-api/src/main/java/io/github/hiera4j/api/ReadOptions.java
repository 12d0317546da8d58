package io.github.hiera4j.api;

import static io.github.hiera4j.model.Check.check;

/**
 * Options for reading files as the model's input. Immutable.
 *
 * <pre>{@code
 * ReadOptions options = ReadOptions.builder().clips(3).crops(1).batch(8).build();
 * }</pre>
 */
public final class ReadOptions {
    /**
     * The test settings of the released models: 5 clips of 3 crops, stride 4; one view at a time, as many workers as processors, and
     * 512 MiB (or a quarter of the maximum Java heap, if that is less) for views that are read ahead.
     */
    public static final ReadOptions DEFAULT = builder().build();

    /** One clip from the middle of a video, cropped at the centre. */
    public static final ReadOptions SINGLE_VIEW = DEFAULT.withViews(1, 1);

    private final Builder set; // a private copy, never changed

    private ReadOptions(Builder builder) {
        set = builder;
        check(clips() >= 1 && clips() <= 1000, "clips must be 1 to 1000, got %d", clips());
        check(crops() == 1 || crops() == 3, "crops must be 1 or 3, got %d", crops());
        check(stride() >= 1 && stride() <= 1000, "stride must be 1 to 1000, got %d", stride());
        check(batch() >= 1 && batch() <= 1024, "batch must be 1 to 1024, got %d", batch());
        check(workers() >= 1 && workers() <= 256, "workers must be 1 to 256, got %d", workers());
        check(memoryBytes() >= 1, "memoryBytes must be 1 or more, got %d", memoryBytes());
    }

    /**
     * Creates a builder that starts from {@link #DEFAULT}.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Creates a builder that starts from these options.
     *
     * @return a new builder
     */
    public Builder toBuilder() {
        return set.copy();
    }

    /** {@return the number of evenly spread clips of a video, whose results are averaged} An image model sees single frames instead. */
    public int clips() {
        return set.clips;
    }

    /** {@return the number of crops of each clip: 1, the centre; or 3, along the longer side} */
    public int crops() {
        return set.crops;
    }

    /** {@return the distance between the frames of a clip, in frames at 30 per second} */
    public int stride() {
        return set.stride;
    }

    /** {@return the number of views (images, or crops of clips) that the model computes at once} */
    public int batch() {
        return set.batch;
    }

    /** {@return the number of threads that decode ahead of the model} */
    public int workers() {
        return set.workers;
    }

    /**
     * {@return the limit for views that are prepared ahead of the model, in bytes} In addition, a stream of results holds at most the views of
     * one clip and twice those of a batch; a view of the base video model takes 9.6 MB, of the base image model 0.6 MB. Each worker also
     * holds one decoded picture or frame.
     */
    public long memoryBytes() {
        return set.memoryBytes;
    }

    /**
     * Returns these options with other views of a video.
     *
     * @param newClips clips of a video, 1 to 1000
     * @param newCrops crops of each clip, 1 or 3
     * @return the options
     */
    public ReadOptions withViews(int newClips, int newCrops) {
        return toBuilder().clips(newClips).crops(newCrops).build();
    }

    /**
     * Returns these options with another stride.
     *
     * @param frames distance in frames
     * @return the options
     */
    public ReadOptions withStride(int frames) {
        return toBuilder().stride(frames).build();
    }

    /**
     * Returns these options with another batch size.
     *
     * @param views number of views
     * @return the options
     */
    public ReadOptions withBatch(int views) {
        return toBuilder().batch(views).build();
    }

    /** Builder of options; every method returns this builder. */
    public static final class Builder {
        private static final long MOST_MEMORY = 512L << 20;

        private int clips = 5;
        private int crops = 3;
        private int stride = 4;
        private int batch = 1;
        private int workers = Math.min(256, Runtime.getRuntime().availableProcessors());
        private long memoryBytes = Math.min(MOST_MEMORY, Runtime.getRuntime().maxMemory() / 4);

        private Builder() {}

        /**
         * Sets the number of clips of a video, 1 to 1000.
         *
         * @param count number
         * @return this builder
         */
        public Builder clips(int count) {
            clips = count;
            return this;
        }

        /**
         * Sets the number of crops of each clip, 1 or 3.
         *
         * @param count number
         * @return this builder
         */
        public Builder crops(int count) {
            crops = count;
            return this;
        }

        /**
         * Sets the distance between the frames of a clip, in frames at 30 per second, 1 to 1000.
         *
         * @param frames distance in frames
         * @return this builder
         */
        public Builder stride(int frames) {
            stride = frames;
            return this;
        }

        /**
         * Sets the number of views that the model computes at once, 1 to 1024.
         *
         * @param views number of views
         * @return this builder
         */
        public Builder batch(int views) {
            batch = views;
            return this;
        }

        /**
         * Sets the number of threads that decode ahead, 1 to 256.
         *
         * @param threads number of threads
         * @return this builder
         */
        public Builder workers(int threads) {
            workers = threads;
            return this;
        }

        /**
         * Sets the limit for views that are prepared ahead: see {@link ReadOptions#memoryBytes}.
         *
         * @param bytes the limit in bytes
         * @return this builder
         */
        public Builder memoryBytes(long bytes) {
            memoryBytes = bytes;
            return this;
        }

        /**
         * {@return the options}
         * @throws io.github.hiera4j.model.HieraException if a setting is out of range; the message names it
         */
        public ReadOptions build() {
            return new ReadOptions(copy());
        }

        private Builder copy() {
            Builder copy = new Builder();
            copy.clips = clips;
            copy.crops = crops;
            copy.stride = stride;
            copy.batch = batch;
            copy.workers = workers;
            copy.memoryBytes = memoryBytes;
            return copy;
        }
    }
}
