package io.github.hiera4j.model.weights.safetensors;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.io.LfsPointer;
import io.github.hiera4j.model.io.PositionedFile;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.weights.Lookup;
import io.github.hiera4j.model.weights.TensorInfo;
import io.github.hiera4j.model.weights.WeightSource;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;

/**
 * A safetensors file: eight bytes of header length, a JSON header, then the tensors' bytes without gaps.
 *
 * <p>Opening reads and checks the header only. Source: the format description of the safetensors project.
 */
public final class SafetensorsFile implements WeightSource {
    private final PositionedFile file;
    private final SafetensorsHeader header;

    private SafetensorsFile(PositionedFile file, SafetensorsHeader header) {
        this.file = file;
        this.header = header;
    }

    /**
     * Opens a file; throws a {@code HieraException} that names the file and the fault unless its header is valid.
     *
     * @param path a file, a directory, or the name of a downloaded model
     * @return the file; the caller closes it
     */
    public static SafetensorsFile open(Path path) {
        PositionedFile file = PositionedFile.open(path);
        try {
            check(
                    !LfsPointer.isPointer(file),
                    "%s: not the weights but a Git LFS pointer to them; run 'git lfs pull' in its repository",
                    path);
            return new SafetensorsFile(file, SafetensorsHeader.read(file));
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** {@return the free text entries under {@code __metadata__}} */
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(header.metadata());
    }

    @Override
    public String description() {
        return file.path().toString();
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(header.entries().keySet());
    }

    @Override
    public TensorInfo info(String name) {
        return entry(name).info();
    }

    @Override
    public HostTensor read(String name) {
        HostTensor tensor = entry(name).info().allocate();
        readInto(name, tensor);
        return tensor;
    }

    @Override
    public void readInto(String name, HostTensor target) {
        file.readInto(header.dataStart() + entry(name).begin(), target.bytes());
    }

    @Override
    public void close() {
        file.close();
    }

    private SafetensorsHeader.Entry entry(String name) {
        return Lookup.tensor(header.entries(), name, file.path());
    }
}
