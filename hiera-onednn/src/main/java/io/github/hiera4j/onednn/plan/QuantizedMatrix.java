package io.github.hiera4j.onednn.plan;

import io.github.hiera4j.model.graph.Node;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.weights.LinearQuantization;
import io.github.hiera4j.onednn.primitive.Buffer;
import io.github.hiera4j.onednn.primitive.NativeMemory;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The integers {@code p [O, I]} of a linear layer. Its product is {@code factor[n] · Σ p[n, k] · (q[k] − zero)}, where q is the quantised
 * input: the sum over {@code zero · p} does not depend on q and goes into the bias, so that kernels need no zero point.
 *
 * @param quantization scales and zero point
 * @param integers int8 {@code [O, I]}
 * @param factors float32 {@code [O]}: input scale × weight scale
 * @param rowSums float32 {@code [O]}: {@code factor[n] · Σ p[n, k] · zero}, to be subtracted from the bias
 */
public record QuantizedMatrix(LinearQuantization quantization, Buffer integers, Buffer factors, Buffer rowSums) {

    /** Rounds a float32 matrix, whose memory remains owned by the caller. */
    static QuantizedMatrix of(Node node, LinearQuantization quantization, Buffer matrix) {
        int rows = node.shape().size(0);
        List<NativeMemory> made = new ArrayList<>();
        try {
            made.add(new NativeMemory(node.shape().elements()));
            made.add(new NativeMemory((long) rows * Float.BYTES));
            made.add(new NativeMemory((long) rows * Float.BYTES));
            QuantizedMatrix result = new QuantizedMatrix(
                    quantization,
                    Buffer.constant(made.get(0)),
                    Buffer.constant(made.get(1)),
                    Buffer.constant(made.get(2)));
            result.fill(node, matrix);
            return result;
        } catch (RuntimeException | Error fault) {
            made.forEach(NativeMemory::close);
            throw fault;
        }
    }

    private void fill(Node node, Buffer matrix) {
        int columns = node.shape().size(1);
        ByteBuffer bytes = bytes(integers);
        HostTensor floats = HostTensor.wrap(DType.FLOAT32, node.shape(), bytes(matrix));
        quantization.quantize(floats.floats(), node.shape(), bytes);
        FloatBuffer factorValues = bytes(factors).asFloatBuffer();
        FloatBuffer sumValues = bytes(rowSums).asFloatBuffer();
        float[] scales = quantization.weightScales();
        for (int row = 0; row < scales.length; row++) {
            long sum = 0;
            for (int column = 0; column < columns; column++) {
                sum += bytes.get(row * columns + column);
            }
            double factor = (double) scales[row] * quantization.inputScale();
            factorValues.put(row, (float) factor);
            sumValues.put(row, (float) (factor * sum * quantization.inputZeroPoint()));
        }
    }

    private static ByteBuffer bytes(Buffer buffer) {
        return buffer.memory().buffer(0, buffer.bytes());
    }

    /** Returns a layer's bias (null: zeros) minus the contribution of the input's zero point to every product. */
    public float[] shiftedBias(@Nullable View bias) {
        FloatBuffer sums = bytes(rowSums).asFloatBuffer();
        FloatBuffer given = bias == null ? null : bytes(bias.buffer()).asFloatBuffer();
        float[] shifted = new float[sums.capacity()];
        for (int row = 0; row < shifted.length; row++) {
            shifted[row] = (given == null ? 0 : given.get(row)) - sums.get(row);
        }
        return shifted;
    }

    /** Frees scales and sums; the integers belong to the layouts of the matrix. */
    void closeVectors() {
        factors.memory().close();
        rowSums.memory().close();
    }
}
