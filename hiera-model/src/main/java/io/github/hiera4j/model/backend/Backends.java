package io.github.hiera4j.model.backend;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.UnsupportedException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The backends on the class path. */
public final class Backends {
    private Backends() {}

    /** {@return all backends in order of preference, whether or not they are usable on this machine} */
    public static List<Backend> all() {
        return ServiceLoader.load(Backend.class).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparingInt(Backend::priority).reversed())
                .toList();
    }

    /**
     * {@return the backend with the given name; throws a {@code HieraException} if it is missing or cannot be used here}
     *
     * @param name {@code torch}, {@code onednn}, {@code reference}, or another on the class path
     */
    public static Backend named(String name) {
        Backend backend = all().stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new HieraException("unknown backend '" + name + "': the class path has " + names()));
        return requireUsable(backend);
    }

    /**
     * {@return the given backend; throws an {@link UnsupportedException} with the reason if it cannot be used here}
     *
     * @param backend the backend
     */
    public static Backend requireUsable(Backend backend) {
        Availability availability = backend.availability();
        if (!availability.usable()) {
            throw new UnsupportedException(
                    "backend '" + backend.name() + "' cannot be used here: " + availability.detail());
        }
        return backend;
    }

    /**
     * {@return the preferred backend among those that can be used here and support the options}
     *
     * @param options element type, device and threads
     */
    public static Backend preferred(CompileOptions options) {
        List<String> reasons = new ArrayList<>();
        for (Backend backend : all()) {
            Availability support = backend.supports(options);
            if (support.usable()) {
                return backend;
            }
            reasons.add(backend.name() + " (" + support.detail() + ")");
        }
        throw new UnsupportedException("no backend here can compute in " + options.dtype() + " on " + options.device()
                + "; on the class path are: " + String.join(", ", reasons));
    }

    private static String names() {
        return all().stream().map(Backend::name).collect(Collectors.joining(", "));
    }
}
