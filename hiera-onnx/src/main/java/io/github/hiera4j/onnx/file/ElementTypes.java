package io.github.hiera4j.onnx.file;

import ai.onnx.proto.OnnxMl.TensorProto;
import io.github.hiera4j.model.tensor.DType;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** ONNX's numbers of element types. */
public final class ElementTypes {
    private ElementTypes() {}

    /**
     * {@return the number of an element type}
     *
     * @param dtype the element type of the weights
     */
    public static int code(DType dtype) {
        return switch (dtype) {
            case FLOAT32 -> TensorProto.DataType.FLOAT_VALUE;
            case FLOAT64 -> TensorProto.DataType.DOUBLE_VALUE;
            case FLOAT16 -> TensorProto.DataType.FLOAT16_VALUE;
            case BFLOAT16 -> TensorProto.DataType.BFLOAT16_VALUE;
            case INT64 -> TensorProto.DataType.INT64_VALUE;
            case INT32 -> TensorProto.DataType.INT32_VALUE;
            case INT16 -> TensorProto.DataType.INT16_VALUE;
            case INT8 -> TensorProto.DataType.INT8_VALUE;
            case UINT8 -> TensorProto.DataType.UINT8_VALUE;
            case BOOL -> TensorProto.DataType.BOOL_VALUE;
        };
    }

    /** Returns the name of an element type: PyTorch's name if this project supports the type. */
    static String label(int code) {
        for (DType dtype : DType.values()) {
            if (code(dtype) == code) {
                return dtype.toString();
            }
        }
        TensorProto.@Nullable DataType other = TensorProto.DataType.forNumber(code);
        return other == null ? "type " + code : other.name().toLowerCase(Locale.ROOT);
    }
}
