package io.github.hiera4j.model.weights.torch;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.PositionedFile;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.weights.zip.ZipDirectory;
import io.github.hiera4j.model.weights.zip.ZipEntries;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A checkpoint in the format of PyTorch since 1.6: a zip with {@code data.pkl} and one entry per storage. */
public final class TorchZipArchive implements TorchArchive {
    static final long LARGEST_PICKLE = 32L << 20;

    private final PositionedFile file;
    private final ZipDirectory directory;
    private final ZipEntries entries;
    private final String folder;
    private final Object root;

    TorchZipArchive(PositionedFile file) {
        this.file = file;
        directory = ZipDirectory.read(file);
        entries = new ZipEntries(file, directory);
        folder = findFolder();
        checkByteOrder();
        ByteBuffer pickle = entries.readWhole(entry("data.pkl"), LARGEST_PICKLE);
        TorchStorages storages = new TorchStorages();
        root = unpickle(pickle, storages);
        storages.byKey().values().forEach(this::checkPresent);
    }

    private Object unpickle(ByteBuffer pickle, TorchStorages storages) {
        try {
            return new Unpickler(pickle, storages::fromPersistentId).load();
        } catch (HieraException e) {
            throw e.withMessage(file.path() + ": " + e.getMessage());
        }
    }

    private String findFolder() {
        List<String> pickles = directory.entries().keySet().stream()
                .filter(name -> name.equals("data.pkl") || name.endsWith("/data.pkl"))
                .toList();
        check(
                pickles.size() == 1,
                "%s: a zip, but not a PyTorch checkpoint: expected one data.pkl in it, found %d",
                file.path(),
                pickles.size());
        String name = pickles.get(0);
        return name.substring(0, name.length() - "data.pkl".length());
    }

    private void checkByteOrder() {
        ZipDirectory.Entry byteOrder = directory.entries().get(folder + "byteorder");
        if (byteOrder != null) {
            String order = StandardCharsets.US_ASCII
                    .decode(entries.readWhole(byteOrder, 16))
                    .toString();
            check(
                    order.equals("little"),
                    "%s: written in %s-endian byte order; only little-endian is supported",
                    file.path(),
                    Printable.of(order));
        }
    }

    private void checkPresent(TorchStorage storage) {
        ZipDirectory.Entry entry = entry("data/" + storage.key());
        check(
                entry.size() >= storage.byteSize(),
                "%s: truncated: storage '%s' has %d bytes, but its %d %s elements need %d",
                file.path(),
                Printable.of(storage.key()),
                entry.size(),
                storage.elements(),
                storage.dtype(),
                storage.byteSize());
        directory.dataOffset(entry);
    }

    @Override
    public String format() {
        return "PyTorch zip";
    }

    @Override
    public Object root() {
        return root;
    }

    @Override
    public void readInto(TorchStorage storage, long offset, ByteBuffer target) {
        entries.readInto(entry("data/" + storage.key()), offset, target);
    }

    @Override
    public void verifyChecksums() {
        directory.entries().values().forEach(entries::verify);
    }

    private ZipDirectory.Entry entry(String name) {
        ZipDirectory.Entry entry = directory.entries().get(folder + name);
        if (entry == null) {
            throw new HieraException(
                    file.path() + ": damaged: the zip has no entry '" + Printable.of(folder + name) + "'");
        }
        return entry;
    }
}
