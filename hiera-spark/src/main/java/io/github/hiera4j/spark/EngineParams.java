package io.github.hiera4j.spark;

import io.github.hiera4j.spark.executor.EngineSettings;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.MLWriter;

/**
 * The common parameters of all transformers: columns, weights, and the engine.
 *
 * @param <T> the transformer itself, which its setters return
 */
public abstract class EngineParams<T extends EngineParams<T>> extends Transformer implements DefaultParamsWritable {
    private static final long serialVersionUID = 1;

    private final String uid;
    private final Param<String> inputCol;
    private final Param<String> outputCol;
    private final Param<String> errorCol;
    private final Param<String> warningCol;
    private final Param<String> weights;
    private final Param<String> backend;
    private final Param<String> dtype;
    private final Param<String> device;
    private final IntParam threads;
    private final IntParam batchSize;

    EngineParams(String uid, String output) {
        this.uid = uid;
        inputCol = new Param<>(
                uid,
                "inputCol",
                "the column of images and videos: paths (string) or their content (binary)",
                String.class);
        outputCol =
                new Param<>(uid, "outputCol", "the column for results; null if a file could not be read", String.class);
        errorCol = new Param<>(
                uid,
                "errorCol",
                "the column with the reason for a missing result; null if there is a result",
                String.class);
        warningCol = new Param<>(
                uid,
                "warningCol",
                "the column of problems that did not prevent a result, such as a truncated video",
                String.class);
        weights = new Param<>(
                uid,
                "weights",
                "the checkpoint: a path that all nodes can read, a Hadoop file system URI, or the name of a file passed with --files",
                String.class);
        backend = new Param<>(
                uid,
                "backend",
                "the engine: onednn, torch, reference, or empty for the fastest available on a node",
                String.class);
        dtype = new Param<>(uid, "dtype", "the element type: float32, bfloat16, float16, int8 or auto", String.class);
        device = new Param<>(uid, "device", "the device: cpu, cuda or cuda:N", String.class);
        threads = new IntParam(
                uid,
                "threads",
                "the number of threads of one run of the model; 0: that of a task (spark.task.cpus)",
                ParamValidators.gtEq(0));
        batchSize = new IntParam(
                uid,
                "batchSize",
                "the number of images or clips of different rows that are computed at once",
                ParamValidators.gtEq(1));
        setDefault(inputCol, "path");
        setDefault(errorCol, "error");
        setDefault(warningCol, "warnings");
        setDefault(backend, "");
        setDefault(dtype, "float32");
        setDefault(device, "cpu");
        setDefault(threads, 0);
        setDefault(batchSize, 8);
        setDefault(outputCol, output);
    }

    abstract T self();

    EngineSettings engineSettings() {
        return new EngineSettings(getBackend(), getDtype(), getDevice(), getThreads());
    }

    /** {@return the unique name of this transformer} */
    @Override
    public final String uid() {
        return uid;
    }

    /** {@return the writer that saves the parameters} A saved transformer is read with {@code load} of its class. */
    @Override
    public MLWriter write() {
        return DefaultParamsWritable.super.write();
    }

    /** {@return the parameter of {@link #getInputCol}} */
    public final Param<String> inputCol() {
        return inputCol;
    }

    /** {@return the column of images and videos: paths (string) or their content (binary)} */
    public final String getInputCol() {
        return getOrDefault(inputCol);
    }

    /**
     * Sets the column of images and videos: paths (string) or their content (binary).
     *
     * @param value the column of images and videos: paths (string) or their content (binary)
     * @return this transformer
     */
    public final T setInputCol(String value) {
        set(inputCol, value);
        return self();
    }

    /** {@return the parameter of {@link #getOutputCol}} */
    public final Param<String> outputCol() {
        return outputCol;
    }

    /** {@return the column for results; null if a file could not be read} */
    public final String getOutputCol() {
        return getOrDefault(outputCol);
    }

    /**
     * Sets the column for results; null if a file could not be read.
     *
     * @param value the column for results; null if a file could not be read
     * @return this transformer
     */
    public final T setOutputCol(String value) {
        set(outputCol, value);
        return self();
    }

    /** {@return the parameter of {@link #getErrorCol}} */
    public final Param<String> errorCol() {
        return errorCol;
    }

    /** {@return the column with the reason for a missing result; null if there is a result} */
    public final String getErrorCol() {
        return getOrDefault(errorCol);
    }

    /**
     * Sets the column with the reason for a missing result; null if there is a result.
     *
     * @param value the column with the reason for a missing result; null if there is a result
     * @return this transformer
     */
    public final T setErrorCol(String value) {
        set(errorCol, value);
        return self();
    }

    /** {@return the parameter of {@link #getWarningCol}} */
    public final Param<String> warningCol() {
        return warningCol;
    }

    /** {@return the column of problems that did not prevent a result, such as a truncated video} */
    public final String getWarningCol() {
        return getOrDefault(warningCol);
    }

    /**
     * Sets the column of problems that did not prevent a result, such as a truncated video.
     *
     * @param value the column of problems that did not prevent a result, such as a truncated video
     * @return this transformer
     */
    public final T setWarningCol(String value) {
        set(warningCol, value);
        return self();
    }

    /** {@return the parameter of {@link #getWeights}} */
    public final Param<String> weights() {
        return weights;
    }

    /** {@return the checkpoint: a path that all nodes can read, a Hadoop file system URI, or the name of a file passed with --files} */
    public final String getWeights() {
        return getOrDefault(weights);
    }

    /**
     * Sets the checkpoint: a path that all nodes can read, a Hadoop file system URI, or the name of a file passed with --files.
     *
     * @param value the checkpoint: a path that all nodes can read, a Hadoop file system URI, or the name of a file passed with
     *     --files
     * @return this transformer
     */
    public final T setWeights(String value) {
        set(weights, value);
        return self();
    }

    /** {@return the parameter of {@link #getBackend}} */
    public final Param<String> backend() {
        return backend;
    }

    /** {@return the engine: onednn, torch, reference, or empty for the fastest available on a node} */
    public final String getBackend() {
        return getOrDefault(backend);
    }

    /**
     * Sets the engine: onednn, torch, reference, or empty for the fastest available on a node.
     *
     * @param value the engine: onednn, torch, reference, or empty for the fastest available on a node
     * @return this transformer
     */
    public final T setBackend(String value) {
        set(backend, value);
        return self();
    }

    /** {@return the parameter of {@link #getDtype}} */
    public final Param<String> dtype() {
        return dtype;
    }

    /** {@return the element type: float32, bfloat16, float16, int8 or auto} */
    public final String getDtype() {
        return getOrDefault(dtype);
    }

    /**
     * Sets the element type: float32, bfloat16, float16, int8 or auto.
     *
     * @param value the element type: float32, bfloat16, float16, int8 or auto
     * @return this transformer
     */
    public final T setDtype(String value) {
        set(dtype, value);
        return self();
    }

    /** {@return the parameter of {@link #getDevice}} */
    public final Param<String> device() {
        return device;
    }

    /** {@return the device: cpu, cuda or cuda:N} */
    public final String getDevice() {
        return getOrDefault(device);
    }

    /**
     * Sets the device: cpu, cuda or cuda:N.
     *
     * @param value the device: cpu, cuda or cuda:N
     * @return this transformer
     */
    public final T setDevice(String value) {
        set(device, value);
        return self();
    }

    /** {@return the parameter of {@link #getThreads}} */
    public final IntParam threads() {
        return threads;
    }

    /** {@return the number of threads of one run of the model; 0: that of a task (spark.task.cpus)} */
    public final int getThreads() {
        return (int) getOrDefault(threads);
    }

    /**
     * Sets the number of threads of one run of the model; 0: that of a task (spark.task.cpus).
     *
     * @param value the number of threads of one run of the model; 0: that of a task (spark.task.cpus)
     * @return this transformer
     */
    public final T setThreads(int value) {
        set(threads, value);
        return self();
    }

    /** {@return the parameter of {@link #getBatchSize}} */
    public final IntParam batchSize() {
        return batchSize;
    }

    /** {@return the number of images or clips of different rows that are computed at once} */
    public final int getBatchSize() {
        return (int) getOrDefault(batchSize);
    }

    /**
     * Sets the number of images or clips of different rows that are computed at once.
     *
     * @param value the number of images or clips of different rows that are computed at once
     * @return this transformer
     */
    public final T setBatchSize(int value) {
        set(batchSize, value);
        return self();
    }
}
