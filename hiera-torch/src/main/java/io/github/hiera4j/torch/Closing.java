package io.github.hiera4j.torch;

import org.jspecify.annotations.Nullable;

/** Closes several objects even if some of them fail. */
final class Closing {
    private Closing() {}

    /** Something that is closed without a checked exception. */
    private static void close(AutoCloseable object) {
        try {
            object.close();
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Closes all objects in their order, then throws the first failure. */
    static void all(Iterable<? extends AutoCloseable> objects) {
        Throwable first = null;
        for (AutoCloseable object : objects) {
            try {
                close(object);
            } catch (RuntimeException | Error failure) {
                first = with(first, failure);
            }
        }
        if (first instanceof Error error) {
            throw error;
        }
        if (first instanceof RuntimeException failure) {
            throw failure;
        }
    }

    private static Throwable with(@Nullable Throwable first, Throwable further) {
        if (first == null) {
            return further;
        }
        first.addSuppressed(further);
        return first;
    }
}
