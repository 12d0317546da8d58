package io.github.hiera4j.natives;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;

/**
 * A native function that takes one word and whose result does not matter, found by its name among the loaded libraries.
 *
 * <p>JavaCPP has no bindings for the C library's and OpenMP's functions that are needed here. But it can call any function that
 * takes one word: its deallocators. Nothing is deallocated; the argument is passed where an address would be.
 */
final class NativeFunction {
    private NativeFunction() {}

    /** Calls the function; false where it does not exist or JavaCPP cannot call it. */
    static boolean call(String name, long argument) {
        Pointer function = Loader.addressof(name);
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
                call.invoke(constructor.newInstance(owner, 0L, 0L), argument, function.address());
            }
            return true;
        } catch (ReflectiveOperationException | RuntimeException unreachable) {
            return false;
        }
    }
}
