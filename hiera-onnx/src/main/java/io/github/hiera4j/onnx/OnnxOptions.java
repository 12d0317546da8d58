package io.github.hiera4j.onnx;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.tensor.DType;
import java.util.Optional;

/**
 * Settings for writing a graph. Immutable; start from {@link #DEFAULT}.
 *
 * @param dtype element type of the weights and of the computation: float32, float16 or bfloat16; int8: linear layers whose weights
 *     have scales are computed with integers, everything else in float32. Inputs and outputs are always float32
 * @param batch number of samples of a run; 0: any number, an axis named {@code batch}
 * @param opset the version of ONNX's operators, {@link #LEAST_OPSET} to {@link #MOST_OPSET}
 * @param externalData whether the weights are written to a separate file, as is always done for more than 2 GB
 */
public record OnnxOptions(DType dtype, int batch, int opset, boolean externalData) {
    /** The first version with LayerNormalization. */
    public static final int LEAST_OPSET = 17;

    /** The latest version that was tested. */
    public static final int MOST_OPSET = 23;

    /** The default version: the first with Gelu as one operator. */
    private static final int USUAL_OPSET = 20;

    /** The first version whose Conv supports bfloat16. */
    private static final int BFLOAT16_OPSET = 22;

    /** The last version whose QuantizeLinear is supported by ONNX Runtime 1.23. */
    public static final int MOST_INTEGER_OPSET = 22;

    private static final int MOST_SAMPLES = 1 << 16;

    /** float32, any batch size. */
    public static final OnnxOptions DEFAULT = of(DType.FLOAT32, Optional.empty());

    /**
     * Checks the values.
     *
     * @param dtype element type of the weights and of the computation: float32, float16 or bfloat16; int8: linear layers whose weights
     *     have scales are computed with integers, everything else in float32. Inputs and outputs are always float32
     * @param batch number of samples of a run; 0: any number, an axis named {@code batch}
     * @param opset the version of ONNX's operators, {@link #LEAST_OPSET} to {@link #MOST_OPSET}
     * @param externalData whether the weights are written to a separate file, as is always done for more than 2 GB
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public OnnxOptions {
        check(
                dtype == DType.FLOAT32 || dtype == DType.FLOAT16 || dtype == DType.BFLOAT16 || dtype == DType.INT8,
                "an ONNX model is written in float32, float16, bfloat16 or int8, got %s",
                dtype);
        check(
                opset >= LEAST_OPSET && opset <= MOST_OPSET,
                "the opset must be %d to %d, got %d",
                LEAST_OPSET,
                MOST_OPSET,
                opset);
        check(
                dtype != DType.BFLOAT16 || opset >= BFLOAT16_OPSET,
                "bfloat16 needs opset %d or later, whose convolutions support it; got %d",
                BFLOAT16_OPSET,
                opset);
        check(
                dtype != DType.INT8 || opset <= MOST_INTEGER_OPSET,
                "int8 needs opset %d or earlier, whose quantisation runtimes support; got %d",
                MOST_INTEGER_OPSET,
                opset);
        check(
                batch >= 0 && batch <= MOST_SAMPLES,
                "the batch must be 1 to %d, or dynamic, got %d",
                MOST_SAMPLES,
                batch);
    }

    /**
     * Options for any batch size and the given element type and version of the operators.
     *
     * @param dtype the element type of the weights
     * @param opset version of ONNX's operators
     * @return the options
     */
    public static OnnxOptions of(DType dtype, Optional<Integer> opset) {
        return new OnnxOptions(dtype, 0, opset.orElse(dtype == DType.BFLOAT16 ? BFLOAT16_OPSET : USUAL_OPSET), false);
    }

    /**
     * {@return these options for a fixed batch size; 0 for any}
     *
     * @param samples 1 or more; 0 for any
     */
    public OnnxOptions withBatch(int samples) {
        return new OnnxOptions(dtype, samples, opset, externalData);
    }

    /**
     * {@return these options for another element type}
     *
     * @param other float32, float16, bfloat16 or int8
     */
    public OnnxOptions withDtype(DType other) {
        return new OnnxOptions(other, batch, opset, externalData);
    }

    /**
     * {@return these options, with the weights in a separate file or inside the model}
     *
     * @param outside true: in a separate file next to the model
     */
    public OnnxOptions withExternalData(boolean outside) {
        return new OnnxOptions(dtype, batch, opset, outside);
    }

    /** The element type of everything that is not computed with integers. */
    DType floating() {
        return dtype == DType.INT8 ? DType.FLOAT32 : dtype;
    }

    /** The version of the file format that came with the opset. */
    int irVersion() {
        if (opset <= 18) {
            return 8;
        }
        return opset <= 20 ? 9 : opset <= 22 ? 10 : 11;
    }
}
