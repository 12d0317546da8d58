package io.github.hiera4j.natives;

import java.util.List;
import java.util.Locale;
import org.bytedeco.javacpp.Loader;

/** Artifacts on the class path with libraries built for GPUs or under another licence, which are in separate directories. */
final class LibraryVariants {
    /** Module, directory suffix and library of each known variant. */
    private static final List<String[]> KNOWN = List.of(
            new String[] {"pytorch", "-gpu", "jnitorch"},
            new String[] {"opencv", "-gpu", "jniopencv_core"},
            new String[] {"ffmpeg", "-gpl", "jniavutil"});

    private static final List<String> FILES = List.of("lib%s.so", "%s.dll", "lib%s.dylib");

    private LibraryVariants() {}

    /** Returns whether there is a variant for this platform. */
    static boolean exist() {
        ClassLoader classes = LibraryVariants.class.getClassLoader();
        String platform = Loader.getPlatform();
        for (String[] variant : KNOWN) {
            String directory = "org/bytedeco/" + variant[0] + "/" + platform + variant[1] + "/";
            for (String file : FILES) {
                if (classes.getResource(directory + String.format(Locale.ROOT, file, variant[2])) != null) {
                    return true;
                }
            }
        }
        return false;
    }
}
