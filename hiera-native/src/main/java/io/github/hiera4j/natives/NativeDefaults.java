package io.github.hiera4j.natives;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;

/**
 * Settings that native libraries read once, when they are loaded. Every class that may be the first to use such a library calls
 * {@link #load} or {@link #apply} first. Settings made by the user are kept.
 *
 * <ul>
 *   <li>JavaCPP limits native memory to the size of the Java heap ({@code org.bytedeco.javacpp.maxBytes}) and the memory of the
 *       process to twice that ({@code maxPhysicalBytes}). Weights are in native memory, so an application with a small heap
 *       could not load a model. Both limits are switched off.
 *   <li>JavaCPP searches for variants of libraries, such as OpenCV for GPUs, and for their dependencies: thirty names in every jar of the
 *       class path take most of a second. If there are no variants, {@code org.bytedeco.javacpp.platform.extension} states that.
 *   <li>OpenMP's threads spin while they wait for work, which makes libtorch's concurrent BLAS threads ten times slower. With a
 *       {@code GOMP_SPINCOUNT} of 1000 they sleep after a few microseconds.
 *   <li>OpenBLAS's threads spin for about 25 milliseconds after each product and slow down everything between two products. With an
 *       {@code OPENBLAS_THREAD_TIMEOUT} of 18 they sleep after about a tenth of a millisecond.
 *   <li>All processes load OpenMP's library from one place ({@link SharedOpenMp}).
 * </ul>
 */
public final class NativeDefaults {
    private static final String JAVACPP = "org.bytedeco.javacpp.";
    private static final String EXTENSION = "platform.extension";
    private static final String SPIN_COUNT = "GOMP_SPINCOUNT";
    private static final String BLAS_TIMEOUT = "OPENBLAS_THREAD_TIMEOUT"; // the logarithm of a number of clock cycles

    /** The variables that were set; never freed, because the environment refers to these texts. */
    private static final Map<String, BytePointer> ENVIRONMENT = new HashMap<>();

    private static final Map<Class<?>, UnsatisfiedLinkError> FAILURES = new HashMap<>(); // guarded by the lock
    private static final Set<Class<?>> LOADED = ConcurrentHashMap.newKeySet();

    static {
        try (LoadingLock lock = LoadingLock.take()) {
            set();
        }
    }

    private NativeDefaults() {}

    private static void set() {
        setUnlessPresent("maxBytes", "0");
        setUnlessPresent("maxPhysicalBytes", "0");
        if (!LibraryVariants.exist()) {
            setUnlessPresent(EXTENSION, "");
        }
        if (System.getenv("OMP_WAIT_POLICY") == null) {
            setEnvironment(SPIN_COUNT, 1000);
        }
        setEnvironment(BLAS_TIMEOUT, 18);
        if (isLinux()) {
            SharedOpenMp.load();
        }
    }

    /**
     * Applies the settings, and loads libraries with all that they depend on. Processes that start together load one after the other,
     * because they share the directory to which libraries are unpacked.
     *
     * @param libraries JavaCPP's classes for the libraries
     * @throws UnsatisfiedLinkError if a library cannot be loaded; the message is the reason, in every call
     */
    public static void load(Class<?>... libraries) {
        for (Class<?> library : libraries) {
            if (!LOADED.contains(library)) {
                loadOnce(library);
            }
        }
    }

    private static void loadOnce(Class<?> library) {
        try (LoadingLock lock = LoadingLock.take()) {
            UnsatisfiedLinkError known = FAILURES.get(library);
            if (known != null) {
                throw known; // a further attempt would only report that the first one failed
            }
            attempt(library);
        }
    }

    private static void attempt(Class<?> library) {
        try {
            Loader.load(library);
            LOADED.add(library);
        } catch (LinkageError failure) {
            UnsatisfiedLinkError explained = new UnsatisfiedLinkError(reason(failure));
            explained.initCause(failure);
            FAILURES.put(library, explained);
            throw explained;
        }
    }

    /** The first failure names the missing file; those that it caused do not. */
    private static String reason(Throwable failure) {
        Throwable first = failure;
        while (first.getCause() != null) {
            first = first.getCause();
        }
        return String.valueOf(first.getMessage()).replaceFirst("^/\\S*/", ""); // without the directory of the library
    }

    /** Applies the settings; further calls have no effect. */
    public static void apply() {
        // the work is done when this class is initialised
    }

    /** {@return whether OpenMP's spin count was set by this class instead of the user's environment} */
    public static boolean hasLimitedSpinning() {
        return ENVIRONMENT.containsKey(SPIN_COUNT);
    }

    private static void setUnlessPresent(String name, String value) {
        boolean chosen = System.getProperty(JAVACPP + name) != null
                || System.getProperty(JAVACPP + name.toLowerCase(java.util.Locale.ROOT)) != null;
        if (!chosen) {
            System.setProperty(JAVACPP + name, value);
        }
    }

    private static boolean isLinux() {
        return System.getProperty("os.name", "").equals("Linux");
    }

    /** Sets a variable of the native environment, unless the user has set it. */
    private static void setEnvironment(String name, int value) {
        if (System.getenv(name) != null || !isLinux()) {
            return; // elsewhere OpenMP is not GNU's
        }
        try {
            BytePointer entry = new BytePointer(name + "=" + value, StandardCharsets.US_ASCII);
            entry.retainReference();
            if (NativeFunction.call("putenv", entry.address())) {
                ENVIRONMENT.put(name, entry);
            }
        } catch (LinkageError | RuntimeException unavailable) {
            // only slower; a library that cannot be loaded is reported on first use
        }
    }
}
