package io.github.hiera4j.onednn.primitive;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;

/**
 * Sets how many threads oneDNN's parallel loops use when they are started from the calling thread.
 *
 * <p>oneDNN leaves its threads to OpenMP, whose {@code omp_set_num_threads(int)} acts on the calling thread alone, and JavaCPP
 * ships no binding for it. But JavaCPP can call any native function that takes one word and returns nothing: its deallocators.
 * Nothing is deallocated here; the number of threads is passed where an address would be.
 */
public final class OpenMp {
    private OpenMp() {}

    /**
     * Makes parallel loops that start on this thread use so many threads.
     *
     * @return false where the OpenMP library could not be reached; the loops then use all processors, or as many as the
     *     environment variable {@code OMP_NUM_THREADS} says
     */
    public static boolean setThreads(int threads) {
        Dnnl.engine();
        Pointer function = Loader.addressof("omp_set_num_threads");
        if (function == null || function.isNull()) {
            return false;
        }
        try {
            Class<?> type = Class.forName("org.bytedeco.javacpp.Pointer$NativeDeallocator");
            Constructor<?> constructor = type.getDeclaredConstructor(Pointer.class, long.class, long.class);
            constructor.setAccessible(true);
            Method call = type.getDeclaredMethod("deallocate", long.class, long.class);
            call.setAccessible(true);
            try (Pointer owner = new Pointer()) {
                call.invoke(constructor.newInstance(owner, 0L, 0L), (long) threads, function.address());
            }
            return true;
        } catch (ReflectiveOperationException | RuntimeException unreachable) {
            if (unreachable instanceof InvocationTargetException) {
                throw new IllegalStateException("omp_set_num_threads failed", unreachable);
            }
            return false;
        }
    }
}
