package io.github.hiera4j.model.checkpoint;

import io.github.hiera4j.model.io.AtomicFile;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.weights.zip.ZipWriter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes nested dictionaries of tensors and plain values like {@code torch.save}. */
final class NestedCheckpoint {
    private final ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    private final List<HostTensor> storages = new ArrayList<>();

    private NestedCheckpoint() {}

    /** @param root float32 tensors, text, whole numbers and maps of these */
    static Path write(Path target, Map<String, ?> root) {
        NestedCheckpoint writer = new NestedCheckpoint();
        writer.bytes(0x80, 2);
        writer.value(root);
        writer.bytes('.');
        AtomicFile.write(target, channel -> {
            ZipWriter zip = new ZipWriter(channel);
            zip.add("archive/data.pkl", ByteBuffer.wrap(writer.pickle.toByteArray()));
            for (int i = 0; i < writer.storages.size(); i++) {
                zip.add("archive/data/" + i, writer.storages.get(i).bytes());
            }
            zip.finish();
        });
        return target;
    }

    private void value(Object value) {
        if (value instanceof Map<?, ?> map) {
            bytes('}', '(');
            map.forEach((key, inner) -> {
                value(key);
                value(inner);
            });
            bytes('u');
        } else if (value instanceof HostTensor tensor) {
            tensor(tensor);
        } else if (value instanceof Integer number) {
            number(number);
        } else {
            byte[] text = value.toString().getBytes(StandardCharsets.UTF_8);
            bytes('X');
            little(text.length);
            pickle.writeBytes(text);
        }
    }

    private void tensor(HostTensor tensor) {
        global("torch._utils", "_rebuild_tensor_v2");
        bytes('(', '(');
        value("storage");
        global("torch", "FloatStorage");
        value(Integer.toString(storages.size()));
        value("cpu");
        number(tensor.elements());
        bytes('t', 'Q');
        number(0);
        bytes('(');
        int stride = tensor.elements();
        List<Integer> strides = new ArrayList<>();
        for (int size : tensor.shape().sizes()) {
            number(size);
            stride /= size;
            strides.add(stride);
        }
        bytes('t', '(');
        strides.forEach(this::number);
        bytes('t', 0x89, '}', 't', 'R');
        storages.add(tensor);
    }

    private void global(String module, String name) {
        bytes('c');
        pickle.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    private void number(int value) {
        bytes('J');
        little(value);
    }

    private void little(int value) {
        pickle.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
    }

    private void bytes(int... values) {
        for (int value : values) {
            pickle.write(value);
        }
    }
}
