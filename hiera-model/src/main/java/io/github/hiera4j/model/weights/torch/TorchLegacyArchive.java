package io.github.hiera4j.model.weights.torch;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.PositionedFile;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.weights.torch.PickleContainer.Dictionary;
import io.github.hiera4j.model.weights.torch.PickleContainer.Sequence;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A checkpoint in the format of PyTorch before 1.6: five pickles (magic number, protocol, platform, value, storage keys), then
 * for each key the number of elements and the elements.
 */
public final class TorchLegacyArchive implements TorchArchive {
    private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    private static final long PROTOCOL = 1001;

    private final PositionedFile file;
    private final TorchStorages storages = new TorchStorages();
    private final Map<String, Long> offsets = new HashMap<>();
    private final Object root;

    TorchLegacyArchive(PositionedFile file) {
        this.file = file;
        try {
            ByteBuffer pickles = file.read(0, Math.min(file.size(), TorchZipArchive.LARGEST_PICKLE));
            check(MAGIC.equals(unpickle(pickles)), "a pickle, but not one of PyTorch: its magic number is missing");
            Object protocol = unpickle(pickles);
            check(
                    protocol.equals(PROTOCOL),
                    "expected PyTorch's legacy protocol %d, got %s",
                    PROTOCOL,
                    Printable.of(protocol));
            checkPlatform(unpickle(pickles));
            root = unpickle(pickles);
            Object keys = unpickle(pickles);
            check(keys instanceof Sequence, "the list of storages is missing");
            locate(((Sequence) keys).items(), pickles.position());
        } catch (HieraException e) {
            throw e.withMessage(file.path() + ": " + e.getMessage());
        }
    }

    private Object unpickle(ByteBuffer pickles) {
        return new Unpickler(pickles, storages::fromPersistentId).load();
    }

    private static void checkPlatform(Object platform) {
        boolean little = platform instanceof Dictionary facts
                && Boolean.TRUE.equals(facts.entries().get("little_endian"));
        check(little, "written in big-endian byte order; only little-endian is supported");
    }

    private void locate(List<Object> keys, long start) {
        long position = start;
        for (Object key : keys) {
            TorchStorage storage = key instanceof String name ? storages.byKey().get(name) : null;
            if (storage == null) {
                throw new HieraException("storage '" + Printable.of(key) + "' does not belong to a tensor");
            }
            check(position <= file.size() - 8, "truncated: storage '%s' is missing", Printable.of(key));
            long elements = file.read(position, 8).getLong();
            position += 8;
            check(
                    elements == storage.elements() && storage.byteSize() <= file.size() - position,
                    "truncated or damaged: storage '%s' should have %d %s elements",
                    Printable.of(key),
                    storage.elements(),
                    storage.dtype());
            check(offsets.put(storage.key(), position) == null, "storage '%s' is listed twice", Printable.of(key));
            position += storage.byteSize();
        }
        for (String key : storages.byKey().keySet()) {
            check(offsets.containsKey(key), "storage '%s' is missing", Printable.of(key));
        }
        check(position == file.size(), "%d bytes after the last storage", file.size() - position);
    }

    @Override
    public String format() {
        return "PyTorch legacy";
    }

    @Override
    public Object root() {
        return root;
    }

    @Override
    public void readInto(TorchStorage storage, long offset, ByteBuffer target) {
        Long start = offsets.get(storage.key());
        check(
                start != null && offset >= 0 && target.remaining() <= storage.byteSize() - offset,
                "%s: storage out of range",
                file.path());
        file.readInto((start == null ? 0 : start) + offset, target);
    }
}
