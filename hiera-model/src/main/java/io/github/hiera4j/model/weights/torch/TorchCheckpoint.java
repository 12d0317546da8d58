package io.github.hiera4j.model.weights.torch;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.io.PositionedFile;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.Lookup;
import io.github.hiera4j.model.weights.Shapes;
import io.github.hiera4j.model.weights.TensorInfo;
import io.github.hiera4j.model.weights.WeightSource;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A PyTorch checkpoint ({@code .pth}, {@code .pt}, {@code .bin}), in the zip or legacy format.
 *
 * <p>Opening unpickles the description through an allow-list and checks that every storage is present; tensors are read one at
 * a time. Every dictionary with the patch embedding of a Hiera is a model, whatever its name; an optimizer's state beside it
 * is ignored.
 */
public final class TorchCheckpoint implements WeightSource {
    /** Limit of the unpacked size as a multiple of the file's size: views of shared storages and compressed entries may exceed the file. */
    private static final long MOST_TIMES_LARGER = 100;

    private static final long ALWAYS_ALLOWED = 64L << 20;

    private final PositionedFile file;
    private final TorchArchive archive;
    private final StateDict state;
    private final Map<String, TensorInfo> infos = new LinkedHashMap<>();

    private TorchCheckpoint(PositionedFile file, TorchArchive archive) {
        this.file = file;
        this.archive = archive;
        state = StateDict.find(file.path(), archive.root());
        long allowed = ALWAYS_ALLOWED + MOST_TIMES_LARGER * file.size();
        long bytes = 0;
        for (Map.Entry<String, TorchTensor> entry : state.tensors().entrySet()) {
            TorchTensor tensor = entry.getValue();
            Shape shape = Shapes.checked(file.path(), Printable.of(entry.getKey()), tensor.sizes());
            TensorInfo info = new TensorInfo(tensor.dtype(), shape);
            infos.put(entry.getKey(), info);
            bytes += info.byteSize();
            check(
                    bytes <= allowed,
                    "%s: refused: its tensors unpack to more than %d bytes, %d times the size of the file",
                    file.path(),
                    allowed,
                    allowed / file.size());
        }
    }

    /**
     * Opens a checkpoint; throws a {@code HieraException} that names the file and the fault if it is invalid.
     *
     * @param path a file, a directory, or the name of a downloaded model
     * @return the checkpoint; the caller closes it
     */
    public static TorchCheckpoint open(Path path) {
        PositionedFile file = PositionedFile.open(path);
        try {
            check(file.size() >= 4, "%s: not a PyTorch checkpoint: the file has %d bytes", path, file.size());
            boolean zip = file.read(0, 2).getShort() == 0x4b50; // "PK"
            return new TorchCheckpoint(file, zip ? new TorchZipArchive(file) : new TorchLegacyArchive(file));
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /**
     * Returns {@code PyTorch zip} or {@code PyTorch legacy}.
     *
     * @return the file format
     */
    public String format() {
        return archive.format();
    }

    /** {@return the key of the tensors, for example {@code model_state}; empty if they are at the top level or in several places} */
    public String location() {
        return state.location();
    }

    /** {@return other values in the checkpoint, such as epoch, settings and scores: text, numbers, booleans, lists and maps of these} */
    public Map<String, Object> metadata() {
        return Collections.unmodifiableMap(state.metadata());
    }

    /** Reads the whole file once; throws a {@code HieraException} that names the part if its checksum is wrong. */
    public void verifyChecksums() {
        archive.verifyChecksums();
    }

    @Override
    public String description() {
        return file.path().toString();
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(infos.keySet());
    }

    @Override
    public TensorInfo info(String name) {
        return Lookup.tensor(infos, name, file.path());
    }

    @Override
    public HostTensor read(String name) {
        HostTensor tensor = info(name).allocate();
        readInto(name, tensor);
        return tensor;
    }

    @Override
    public void readInto(String name, HostTensor target) {
        TorchTensor tensor = Lookup.tensor(state.tensors(), name, file.path());
        long start = tensor.offset() * tensor.dtype().bytes();
        if (tensor.isDense()) {
            archive.readInto(tensor.storage(), start, target.bytes());
        } else {
            gather(
                    tensor,
                    archive.read(
                            tensor.storage(),
                            start,
                            tensor.span() * tensor.dtype().bytes()),
                    target);
        }
    }

    /** Copies a strided view into row-major order. */
    private static void gather(TorchTensor tensor, ByteBuffer span, HostTensor dense) {
        ByteBuffer target = dense.bytes();
        int width = dense.dtype().bytes();
        int rank = dense.shape().rank();
        long[] index = new long[rank];
        long position = 0;
        for (int element = dense.elements(); element > 0; element--) {
            int source = Math.toIntExact(position * width);
            target.put(target.position(), span, source, width).position(target.position() + width);
            for (int axis = rank - 1; axis >= 0; axis--) {
                long stride = tensor.strides().get(axis);
                position += stride;
                if (++index[axis] < tensor.sizes().get(axis)) {
                    break;
                }
                position -= stride * index[axis];
                index[axis] = 0;
            }
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
