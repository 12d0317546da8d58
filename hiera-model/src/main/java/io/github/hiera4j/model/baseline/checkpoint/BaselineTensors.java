package io.github.hiera4j.model.baseline.checkpoint;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.DerivedWeights;
import io.github.hiera4j.model.weights.TensorInfo;
import io.github.hiera4j.model.weights.WeightSource;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** A file's tensors under the names of the released code; query, key and value are joined along the first axis. */
final class BaselineTensors extends DerivedWeights {
    private final WeightSource source;
    private final Map<String, List<String>> parts;

    private BaselineTensors(WeightSource source, Map<String, List<String>> parts) {
        super(source);
        this.source = source;
        this.parts = parts;
    }

    /** @param released the file's name for each released name; {@code attn.query}, {@code attn.key} and {@code attn.value} are separate */
    static BaselineTensors of(WeightSource source, Map<String, String> released) {
        Map<String, List<String>> parts = new LinkedHashMap<>();
        released.forEach((name, file) -> {
            if (!name.contains(".attn.query.")) {
                if (!name.contains(".attn.key.") && !name.contains(".attn.value.")) {
                    parts.put(name, List.of(file));
                }
                return;
            }
            List<String> three = BaselineKeys.JOINED.stream()
                    .map(part -> released.get(name.replace(".attn.query.", ".attn." + part + ".")))
                    .toList();
            check(!three.contains(null), "'%s' has no matching key and value", file);
            parts.put(name.replace(".attn.query.", ".attn.qkv."), three);
        });
        return new BaselineTensors(source, Collections.unmodifiableMap(parts));
    }

    @Override
    public Set<String> names() {
        return parts.keySet();
    }

    private List<String> parts(String name) {
        return Objects.requireNonNull(parts.get(name), name);
    }

    @Override
    public TensorInfo info(String name) {
        List<String> names = parts(name);
        TensorInfo first = super.info(names.get(0));
        if (names.size() == 1) {
            return first;
        }
        int rows = 0;
        for (String part : names) {
            TensorInfo info = super.info(part);
            boolean fits = info.dtype() == first.dtype()
                    && info.shape().rank() == first.shape().rank()
                    && info.shape().withSize(0, 1).equals(first.shape().withSize(0, 1));
            check(
                    fits,
                    "'%s' is %s, expected the element type and shape of '%s', %s",
                    part,
                    info.shape(),
                    names.get(0),
                    first.shape());
            rows += info.shape().size(0);
        }
        return new TensorInfo(first.dtype(), first.shape().withSize(0, rows));
    }

    @Override
    public HostTensor read(String name) {
        List<String> names = parts(name);
        if (names.size() == 1) {
            return super.read(names.get(0));
        }
        HostTensor joined = HostTensor.allocate(info(name).dtype(), info(name).shape());
        readInto(name, joined);
        return joined;
    }

    @Override
    public void readInto(String name, HostTensor target) {
        List<String> names = parts(name);
        if (names.size() == 1) {
            readSourceInto(names.get(0), target);
            return;
        }
        ByteBuffer bytes = target.bytes();
        for (String part : names) {
            bytes.put(super.read(part).bytes());
        }
    }

    /** Returns the tensors whose names do not begin with the prefix; a note states how many were left out. */
    BaselineTensors without(String prefix, List<String> notes) {
        Map<String, List<String>> kept = new LinkedHashMap<>();
        parts.forEach((name, files) -> {
            if (!name.startsWith(prefix)) {
                kept.put(name, files);
            }
        });
        if (kept.size() < parts.size()) {
            notes.add((parts.size() - kept.size()) + " tensors " + prefix + "* ignored");
        }
        return new BaselineTensors(source, Collections.unmodifiableMap(kept));
    }

    /** Returns the file's name of every tensor; for a joined tensor, of its first part. */
    Map<String, String> fileNames() {
        Map<String, String> names = new LinkedHashMap<>();
        parts.forEach((name, files) -> names.put(name, files.get(0)));
        return names;
    }

    /** {@return the shape of a tensor; throws if it does not exist} */
    Shape shape(String name) {
        check(parts.containsKey(name), "there is no tensor '%s'", name);
        return info(name).shape();
    }
}
