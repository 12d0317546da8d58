package io.github.hiera4j.model;

import java.util.regex.Pattern;

/** Determines whether a failure means that memory ran out, in the heap or in a native library. */
public final class OutOfMemory {
    /** Error messages of libtorch, its CUDA allocator and the C++ library. */
    private static final Pattern NATIVE =
            Pattern.compile("(?i)can't allocate memory|not enough memory|bad_alloc|out of memory");

    private OutOfMemory() {}

    /**
     * Searches the chain of causes, because exceptions from other threads arrive wrapped.
     *
     * @param failure what was thrown
     * @return whether memory ran out
     */
    public static boolean isCauseOf(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            boolean isNative = cause instanceof RuntimeException
                    && cause.getMessage() != null
                    && NATIVE.matcher(cause.getMessage()).find();
            if (cause instanceof OutOfMemoryError || isNative) {
                return true;
            }
        }
        return false;
    }
}
