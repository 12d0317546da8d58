package io.github.hiera4j.model.weights.torch;

import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.weights.TensorInfo;
import io.github.hiera4j.model.weights.WeightSource;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes the pickle (protocol 2) of a state dict: an OrderedDict of dense tensors, one storage each. */
public final class PickleWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /**
     * Returns the pickle of {@code {key: OrderedDict(name: tensor, …)}}; tensor i views the storage named i.
     *
     * @param key the key under which readers look for the tensors, {@code model_state}
     */
    static byte[] stateDict(String key, WeightSource weights) {
        PickleWriter pickle = new PickleWriter();
        pickle.opcode(0x80).opcode(2);
        pickle.opcode('}').text(key);
        pickle.emptyOrderedDict().opcode('(');
        int storage = 0;
        for (String name : weights.names()) {
            pickle.text(name).tensor(weights.info(name), storage++);
        }
        pickle.opcode('u').opcode('s').opcode('.');
        return pickle.out.toByteArray();
    }

    private PickleWriter tensor(TensorInfo info, int storage) {
        global("torch._utils", "_rebuild_tensor_v2").opcode('(');
        opcode('(')
                .text("storage")
                .global("torch", storageType(info.dtype()))
                .text(Integer.toString(storage))
                .text("cpu");
        number(info.shape().elements()).opcode('t').opcode('Q');
        number(0);
        int[] sizes = info.shape().sizes();
        long[] strides = new long[sizes.length];
        long stride = 1;
        for (int axis = sizes.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= sizes[axis];
        }
        opcode('(');
        for (int size : sizes) {
            number(size);
        }
        opcode('t').opcode('(');
        for (long next : strides) {
            number(next);
        }
        opcode('t').opcode(0x89); // requires_grad: false
        return emptyOrderedDict().opcode('t').opcode('R');
    }

    private PickleWriter emptyOrderedDict() {
        return global("collections", "OrderedDict").opcode(')').opcode('R');
    }

    private PickleWriter global(String module, String name) {
        opcode('c');
        out.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
        return this;
    }

    private PickleWriter text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        opcode('X').littleEndian(bytes.length, 4);
        out.writeBytes(bytes);
        return this;
    }

    private PickleWriter number(long value) {
        return value == (int) value
                ? opcode('J').littleEndian(value, 4)
                : opcode(0x8a).opcode(Long.BYTES).littleEndian(value, Long.BYTES);
    }

    private PickleWriter littleEndian(long value, int bytes) {
        byte[] all = ByteBuffer.allocate(Long.BYTES)
                .putLong(Long.reverseBytes(value))
                .array();
        out.write(all, 0, bytes);
        return this;
    }

    private PickleWriter opcode(int opcode) {
        out.write(opcode);
        return this;
    }

    private static String storageType(DType dtype) {
        return switch (dtype) {
            case FLOAT64 -> "DoubleStorage";
            case FLOAT32 -> "FloatStorage";
            case FLOAT16 -> "HalfStorage";
            case BFLOAT16 -> "BFloat16Storage";
            case INT64 -> "LongStorage";
            case INT32 -> "IntStorage";
            case INT16 -> "ShortStorage";
            case INT8 -> "CharStorage";
            case UINT8 -> "ByteStorage";
            case BOOL -> "BoolStorage";
        };
    }
}
