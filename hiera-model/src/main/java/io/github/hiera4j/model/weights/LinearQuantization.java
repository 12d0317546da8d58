package io.github.hiera4j.model.weights;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/**
 * The quantisation of a linear layer to 8-bit integers: {@code x ≈ inputScale · (q − inputZeroPoint)} with q from 0 to 255, and row n of
 * the weight {@code w[n] ≈ weightScales[n] · p[n]} with p from -64 to 64.
 *
 * <p>Weights have seven bits instead of eight, because processors without VNNI add two products in 16 bits, and 2 · 255 · 64 fits.
 * A quantised model therefore gives the same result on every processor, up to the rounding of float32.
 */
public final class LinearQuantization {
    /** The largest magnitude of a quantised weight. */
    public static final int WEIGHT_LIMIT = 64;

    /** The largest quantised activation; the smallest is 0. */
    public static final int INPUT_LIMIT = 255;

    private static final float SMALLEST_SCALE = 1e-30f;
    private static final float LARGEST_SCALE = 1e30f;

    private final float inputScale;
    private final int inputZeroPoint;
    private final float[] weightScales;

    /**
     * @param inputScale the step between two quantised activations, 1e-30 to 1e30
     * @param inputZeroPoint the quantised activation that represents 0, 0 to 255
     * @param weightScales the step between two quantised weights, one per output channel, each 1e-30 to 1e30
     * @throws io.github.hiera4j.model.HieraException if a value is outside its range
     */
    public LinearQuantization(float inputScale, int inputZeroPoint, float[] weightScales) {
        checkScale("the input scale", inputScale);
        check(
                inputZeroPoint >= 0 && inputZeroPoint <= INPUT_LIMIT,
                "the input zero point must be 0 to %d, got %d",
                INPUT_LIMIT,
                inputZeroPoint);
        for (int channel = 0; channel < weightScales.length; channel++) {
            checkScale("the weight scale of channel " + channel, weightScales[channel]);
        }
        this.inputScale = inputScale;
        this.inputZeroPoint = inputZeroPoint;
        this.weightScales = weightScales.clone();
    }

    private static void checkScale(String what, float scale) {
        check(
                scale >= SMALLEST_SCALE && scale <= LARGEST_SCALE,
                "%s must be a positive number from 1e-30 to 1e30, got %s",
                what,
                scale);
    }

    /**
     * Returns scales with which the largest weight of every row uses the whole range; a row of zeros gets the scale 1.
     *
     * @param weight float32 {@code [O, I]}
     * @return a positive scale for each of the O rows
     */
    public static float[] weightScales(HostTensor weight) {
        int rows = weight.shape().size(0);
        int columns = weight.elements() / rows;
        FloatBuffer values = weight.to(DType.FLOAT32).floats();
        float[] scales = new float[rows];
        for (int row = 0; row < rows; row++) {
            float largest = 0;
            for (int column = 0; column < columns; column++) {
                largest = Math.max(largest, Math.abs(values.get(row * columns + column)));
            }
            float scale = largest / WEIGHT_LIMIT;
            scales[row] = scale >= SMALLEST_SCALE ? scale : 1;
        }
        return scales;
    }

    /**
     * Returns the step between two quantised activations.
     *
     * @return a positive, finite number
     */
    public float inputScale() {
        return inputScale;
    }

    /**
     * Returns the quantised activation that represents 0.
     *
     * @return 0 to 255
     */
    public int inputZeroPoint() {
        return inputZeroPoint;
    }

    /**
     * Returns a copy of the steps between two quantised weights, one per output channel.
     *
     * @return positive, finite numbers
     */
    public float[] weightScales() {
        return weightScales.clone();
    }

    /**
     * Returns the number of output channels.
     *
     * @return the number of rows of the weight
     */
    public int channels() {
        return weightScales.length;
    }

    /**
     * Returns whether another layer quantises its input equally, so that both can share one quantised tensor.
     *
     * @param other the quantisation of a layer with the same input
     * @return true if scale and zero point are equal
     */
    public boolean sharesInputWith(LinearQuantization other) {
        return inputScale == other.inputScale && inputZeroPoint == other.inputZeroPoint;
    }

    /**
     * Quantises a float32 weight {@code [O, I]} to int8, rounded to nearest and clamped to ±{@link #WEIGHT_LIMIT}.
     *
     * @param weight float32 {@code [O, I]}
     * @return int8 {@code [O, I]}
     */
    public HostTensor quantize(HostTensor weight) {
        HostTensor result = HostTensor.allocate(DType.INT8, weight.shape());
        quantize(weight.floats(), weight.shape(), result.bytes());
        return result;
    }

    /**
     * Quantises a weight into memory of the caller.
     *
     * @param shape the shape of the weight, {@code [O, I]}
     * @param target receives {@code O * I} bytes
     * @param values the weight, {@code O * I} numbers, row by row
     */
    public void quantize(FloatBuffer values, Shape shape, ByteBuffer target) {
        int columns = columns(shape);
        for (int row = 0; row < weightScales.length; row++) {
            float scale = weightScales[row];
            for (int i = row * columns; i < (row + 1) * columns; i++) {
                double nearest = Math.rint((double) values.get(i) / scale);
                target.put(i, (byte) Math.max(-WEIGHT_LIMIT, Math.min(WEIGHT_LIMIT, nearest)));
            }
        }
    }

    /**
     * Returns the float32 weight that an int8 weight {@code [O, I]} represents.
     *
     * @param quantized int8 {@code [O, I]}
     * @return float32 {@code [O, I]}
     */
    public HostTensor dequantize(HostTensor quantized) {
        HostTensor result = HostTensor.allocate(DType.FLOAT32, quantized.shape());
        ByteBuffer source = quantized.bytes();
        FloatBuffer target = result.floats();
        int columns = columns(quantized.shape());
        for (int row = 0; row < weightScales.length; row++) {
            for (int i = row * columns; i < (row + 1) * columns; i++) {
                target.put(i, source.get(i) * weightScales[row]);
            }
        }
        return result;
    }

    private int columns(Shape shape) {
        check(
                shape.rank() == 2 && shape.size(0) == weightScales.length,
                "a weight %s has %d scales, expected one per output channel",
                shape,
                weightScales.length);
        return shape.size(1);
    }
}
