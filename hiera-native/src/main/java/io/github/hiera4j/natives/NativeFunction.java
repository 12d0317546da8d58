package io.github.hiera4j.natives;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;

/**
 * A native function with a one-word argument and an ignored result, found by name in the loaded libraries.
 *
 * <p>JavaCPP has no bindings for the required functions of the C library and OpenMP. However, it can call any function with a one-word
 * argument as a deallocator. Nothing is deallocated; the argument is passed in place of the address.
 */
final class NativeFunction {
    private NativeFunction() {}

    /** Calls the function; returns false if it does not exist or JavaCPP cannot call it. */
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
