package io.github.hiera4j.model.backend;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.tensor.DType;

/**
 * The options of a session's computation.
 *
 * @param dtype element type of weights and activations; inputs and outputs are always float32. With {@code INT8}, linear layers for
 *     which the weights have quantisation parameters ({@code WeightSource.quantization}) multiply integers; everything else is
 *     computed in the fastest floating-point type
 * @param device {@code cpu}, {@code cuda} or {@code cuda:1}
 * @param threads threads of one run, 0 to {@link #MOST_THREADS}; 0 leaves the choice to the backend
 */
public record CompileOptions(DType dtype, String device, int threads) {
    /** The maximum number of threads: 256, or the number of processors if it is larger. */
    public static final int MOST_THREADS = Math.max(256, Runtime.getRuntime().availableProcessors());

    /** float32 on the CPU, with the number of threads chosen by the backend. */
    public static final CompileOptions DEFAULT = new CompileOptions(DType.FLOAT32, "cpu", 0);

    /**
     * Checks the values.
     *
     * @param dtype element type of weights and activations; inputs and outputs are always float32
     * @param device {@code cpu}, {@code cuda} or {@code cuda:1}
     * @param threads threads of one run, 0 to {@link #MOST_THREADS}; 0 leaves the choice to the backend
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public CompileOptions {
        check(
                dtype.isFloating() || dtype == DType.INT8,
                "a model computes in float32, bfloat16, float16, float64 or int8, got %s",
                dtype);
        check(device.matches("cpu|cuda(:\\d{1,3})?"), "unknown device '%s': expected cpu, cuda or cuda:N", device);
        checkThreads(threads);
    }

    /**
     * Throws a {@code HieraException} unless a number of threads is 0 (automatic) to {@link #MOST_THREADS}.
     *
     * @param threads the number to check
     */
    public static void checkThreads(int threads) {
        check(
                threads >= 0 && threads <= MOST_THREADS,
                "threads must be 0 (automatic) to %d, got %d",
                MOST_THREADS,
                threads);
    }

    /**
     * {@return these options with another element type}
     *
     * @param other a floating-point type
     */
    public CompileOptions withDtype(DType other) {
        return new CompileOptions(other, device, threads);
    }

    /**
     * {@return these options with another device}
     *
     * @param other {@code cpu}, {@code cuda} or {@code cuda:N}
     */
    public CompileOptions withDevice(String other) {
        return new CompileOptions(dtype, other, threads);
    }

    /**
     * {@return these options with another number of threads}
     *
     * @param other threads of one run, 0 to {@link #MOST_THREADS}; 0 leaves the choice to the backend
     */
    public CompileOptions withThreads(int other) {
        return new CompileOptions(dtype, device, other);
    }
}
