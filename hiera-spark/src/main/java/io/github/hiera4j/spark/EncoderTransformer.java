package io.github.hiera4j.spark;

import io.github.hiera4j.spark.executor.EncoderSettings;
import io.github.hiera4j.spark.executor.ViewSettings;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;

/**
 * A transformer based on a Hiera encoder: parameters for reading files and for the input size.
 *
 * @param <T> the transformer itself, which its setters return
 */
public abstract class EncoderTransformer<T extends EncoderTransformer<T>> extends MediaTransformer<T> {
    private static final long serialVersionUID = 1;

    private final IntParam clips;
    private final IntParam crops;
    private final IntParam stride;
    private final IntParam workers;
    private final Param<String> size;
    private final IntParam frames;
    private final BooleanParam pad;
    private final BooleanParam antialiasPositions;
    private final BooleanParam releasedPreprocessing;
    private final BooleanParam averagedWeights;

    EncoderTransformer(String uid, String output) {
        super(uid, output);
        clips = new IntParam(
                uid,
                "clips",
                "the number of clips of a video, which are averaged; 0: the checkpoint's setting, or 5",
                ParamValidators.gtEq(0));
        crops = new IntParam(
                uid,
                "crops",
                "the number of crops of a clip, 1 or 3; 0: the checkpoint's setting, or 3",
                ParamValidators.gtEq(0));
        stride = new IntParam(
                uid,
                "stride",
                "the distance between frames of a clip; 0: the checkpoint's setting, or 4",
                ParamValidators.gtEq(0));
        workers = new IntParam(
                uid,
                "workers",
                "the number of threads per task that decode ahead of the model",
                ParamValidators.gtEq(1));
        size = new Param<>(
                uid,
                "size",
                "the input size, such as 384, 256x320, native or native:1024; empty: the size of the model",
                String.class);
        frames = new IntParam(
                uid, "frames", "the number of frames of a clip; 0: that of the model", ParamValidators.gtEq(0));
        pad = new BooleanParam(
                uid, "pad", "whether sizes that the model does not support are padded; false: they are refused");
        antialiasPositions = new BooleanParam(
                uid, "antialiasPositions", "whether position embeddings are resized with antialiasing, as timm does");
        releasedPreprocessing = new BooleanParam(
                uid,
                "releasedPreprocessing",
                "whether images are prepared as for the released models, regardless of the checkpoint");
        averagedWeights = new BooleanParam(
                uid, "averagedWeights", "whether the averaged weights of a checkpoint are used, which must exist");
        setDefault(clips, 0);
        setDefault(crops, 0);
        setDefault(stride, 0);
        setDefault(workers, 1);
        setDefault(size, "");
        setDefault(frames, 0);
        setDefault(pad, false);
        setDefault(antialiasPositions, false);
        setDefault(releasedPreprocessing, false);
        setDefault(averagedWeights, false);
    }

    EncoderSettings encoderSettings() {
        return new EncoderSettings(
                getSize(),
                getFrames(),
                isPad(),
                isAntialiasPositions(),
                isReleasedPreprocessing(),
                isAveragedWeights());
    }

    ViewSettings viewSettings() {
        return new ViewSettings(getClips(), getCrops(), getStride(), getBatchSize(), getWorkers());
    }

    /** {@return the parameter of {@link #getClips}} */
    public final IntParam clips() {
        return clips;
    }

    /** {@return the number of clips of a video, which are averaged; 0: the checkpoint's setting, or 5} */
    public final int getClips() {
        return (int) getOrDefault(clips);
    }

    /**
     * Sets the number of clips of a video, which are averaged; 0: the checkpoint's setting, or 5.
     *
     * @param value the number of clips of a video, which are averaged; 0: the checkpoint's setting, or 5
     * @return this transformer
     */
    public final T setClips(int value) {
        set(clips, value);
        return self();
    }

    /** {@return the parameter of {@link #getCrops}} */
    public final IntParam crops() {
        return crops;
    }

    /** {@return the number of crops of a clip, 1 or 3; 0: the checkpoint's setting, or 3} */
    public final int getCrops() {
        return (int) getOrDefault(crops);
    }

    /**
     * Sets the number of crops of a clip, 1 or 3; 0: the checkpoint's setting, or 3.
     *
     * @param value the number of crops of a clip, 1 or 3; 0: the checkpoint's setting, or 3
     * @return this transformer
     */
    public final T setCrops(int value) {
        set(crops, value);
        return self();
    }

    /** {@return the parameter of {@link #getStride}} */
    public final IntParam stride() {
        return stride;
    }

    /** {@return the distance between frames of a clip; 0: the checkpoint's setting, or 4} */
    public final int getStride() {
        return (int) getOrDefault(stride);
    }

    /**
     * Sets the distance between frames of a clip; 0: the checkpoint's setting, or 4.
     *
     * @param value the distance between frames of a clip; 0: the checkpoint's setting, or 4
     * @return this transformer
     */
    public final T setStride(int value) {
        set(stride, value);
        return self();
    }

    /** {@return the parameter of {@link #getWorkers}} */
    public final IntParam workers() {
        return workers;
    }

    /** {@return the number of threads per task that decode ahead of the model} */
    public final int getWorkers() {
        return (int) getOrDefault(workers);
    }

    /**
     * Sets the number of threads per task that decode ahead of the model.
     *
     * @param value the number of threads per task that decode ahead of the model
     * @return this transformer
     */
    public final T setWorkers(int value) {
        set(workers, value);
        return self();
    }

    /** {@return the parameter of {@link #getSize}} */
    public final Param<String> size() {
        return size;
    }

    /** {@return the input size, such as 384, 256x320, native or native:1024; empty: the size of the model} */
    public final String getSize() {
        return getOrDefault(size);
    }

    /**
     * Sets the input size, such as 384, 256x320, native or native:1024; empty: the size of the model.
     *
     * @param value the input size, such as 384, 256x320, native or native:1024; empty: the size of the model
     * @return this transformer
     */
    public final T setSize(String value) {
        set(size, value);
        return self();
    }

    /** {@return the parameter of {@link #getFrames}} */
    public final IntParam frames() {
        return frames;
    }

    /** {@return the number of frames of a clip; 0: that of the model} */
    public final int getFrames() {
        return (int) getOrDefault(frames);
    }

    /**
     * Sets the number of frames of a clip; 0: that of the model.
     *
     * @param value the number of frames of a clip; 0: that of the model
     * @return this transformer
     */
    public final T setFrames(int value) {
        set(frames, value);
        return self();
    }

    /** {@return the parameter of {@link #isPad}} */
    public final BooleanParam pad() {
        return pad;
    }

    /** {@return whether sizes that the model does not support are padded; false: they are refused} */
    public final boolean isPad() {
        return (boolean) getOrDefault(pad);
    }

    /**
     * Sets whether sizes that the model does not support are padded; false: they are refused.
     *
     * @param value whether sizes that the model does not support are padded; false: they are refused
     * @return this transformer
     */
    public final T setPad(boolean value) {
        set(pad, value);
        return self();
    }

    /** {@return the parameter of {@link #isAntialiasPositions}} */
    public final BooleanParam antialiasPositions() {
        return antialiasPositions;
    }

    /** {@return whether position embeddings are resized with antialiasing, as timm does} */
    public final boolean isAntialiasPositions() {
        return (boolean) getOrDefault(antialiasPositions);
    }

    /**
     * Sets whether position embeddings are resized with antialiasing, as timm does.
     *
     * @param value whether position embeddings are resized with antialiasing, as timm does
     * @return this transformer
     */
    public final T setAntialiasPositions(boolean value) {
        set(antialiasPositions, value);
        return self();
    }

    /** {@return the parameter of {@link #isReleasedPreprocessing}} */
    public final BooleanParam releasedPreprocessing() {
        return releasedPreprocessing;
    }

    /** {@return whether images are prepared as for the released models, regardless of the checkpoint} */
    public final boolean isReleasedPreprocessing() {
        return (boolean) getOrDefault(releasedPreprocessing);
    }

    /**
     * Sets whether images are prepared as for the released models, regardless of the checkpoint.
     *
     * @param value whether images are prepared as for the released models, regardless of the checkpoint
     * @return this transformer
     */
    public final T setReleasedPreprocessing(boolean value) {
        set(releasedPreprocessing, value);
        return self();
    }

    /** {@return the parameter of {@link #isAveragedWeights}} */
    public final BooleanParam averagedWeights() {
        return averagedWeights;
    }

    /** {@return whether the averaged weights of a checkpoint are used, which must exist} */
    public final boolean isAveragedWeights() {
        return (boolean) getOrDefault(averagedWeights);
    }

    /**
     * Sets whether the averaged weights of a checkpoint are used, which must exist.
     *
     * @param value whether the averaged weights of a checkpoint are used, which must exist
     * @return this transformer
     */
    public final T setAveragedWeights(boolean value) {
        set(averagedWeights, value);
        return self();
    }
}
