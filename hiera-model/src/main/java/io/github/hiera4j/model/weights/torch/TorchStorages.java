package io.github.hiera4j.model.weights.torch;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.weights.torch.PickleGlobals.StorageType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The storages that a pickle refers to by persistent ids, by key. */
public final class TorchStorages {
    private final Map<String, TorchStorage> byKey = new LinkedHashMap<>();

    Map<String, TorchStorage> byKey() {
        return byKey;
    }

    /** Reads {@code ("storage", type, key, location, elements[, view])}. */
    TorchStorage fromPersistentId(List<Object> id) {
        String kind = PickleGlobals.argument(id, 0, String.class);
        check(kind.equals("storage"), "refused: a persistent id of kind '%s'", Printable.of(kind));
        StorageType type = PickleGlobals.argument(id, 1, StorageType.class);
        String key = PickleGlobals.argument(id, 2, String.class);
        long elements = PickleGlobals.argument(id, 4, Long.class);
        boolean whole = id.size() == 5 || id.get(5) == PickleGlobals.None.NONE;
        check(whole, "storage '%s' is a view of another, a format of PyTorch before 0.4", Printable.of(key));
        check(
                elements >= 0 && elements <= Long.MAX_VALUE / 8,
                "storage '%s' has an impossible size of %d elements",
                Printable.of(key),
                elements);
        TorchStorage storage = new TorchStorage(key, type.dtype(), elements);
        TorchStorage known = byKey.putIfAbsent(key, storage);
        check(known == null || known.equals(storage), "storage '%s' has two different descriptions", Printable.of(key));
        return storage;
    }
}
