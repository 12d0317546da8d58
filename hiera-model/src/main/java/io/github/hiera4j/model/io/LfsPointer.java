package io.github.hiera4j.model.io;

import java.nio.charset.StandardCharsets;

/**
 * Recognises the text file that Git LFS leaves in place of a large file that was not downloaded. Source: the pointer format of the
 * Git LFS specification.
 */
public final class LfsPointer {
    private static final String START = "version https://git-lfs";

    private static final int LARGEST = 1024;

    private LfsPointer() {}

    /**
     * {@return whether a file is a Git LFS pointer}
     *
     * @param file the file
     */
    public static boolean isPointer(PositionedFile file) {
        return file.size() <= LARGEST
                && file.size() > START.length()
                && StandardCharsets.US_ASCII
                        .decode(file.read(0, START.length()))
                        .toString()
                        .equals(START);
    }
}
