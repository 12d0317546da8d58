package io.github.hiera4j.model;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/**
 * Translates an I/O error into a {@link HieraException} whose message states why the file could not be read or written: the
 * messages of Java's own exceptions often contain only the path.
 */
public final class FileFault {
    private FileFault() {}

    /**
     * {@return the exception to throw when a file cannot be read}
     *
     * @param file the name of the file in messages
     * @param fault what the file system reported
     */
    public static HieraException unreadable(Object file, IOException fault) {
        return exception(file + ": cannot be read: ", fault);
    }

    /**
     * {@return the exception to throw when a file cannot be written}
     *
     * @param file the name of the file in messages
     * @param fault what the file system reported
     */
    public static HieraException unwritable(Object file, IOException fault) {
        return exception(file + ": cannot be written: ", fault);
    }

    private static HieraException exception(String prefix, IOException fault) {
        if (fault instanceof ClosedByInterruptException) {
            return new OperationInterruptedException(prefix + "the thread was interrupted", fault);
        }
        String message = prefix + reason(fault);
        return fault instanceof NoSuchFileException || fault instanceof NotDirectoryException
                ? new MissingFileException(message, fault)
                : new HieraException(message, fault);
    }

    /**
     * {@return the reason, to be appended to text such as {@code model.pth: cannot be written: }}
     *
     * @param fault what the file system reported
     */
    public static String reason(IOException fault) {
        if (fault instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (fault instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        if (fault instanceof FileAlreadyExistsException) {
            return "a file with this name already exists";
        }
        if (fault instanceof NotDirectoryException) {
            return "not a directory";
        }
        if (fault instanceof CharacterCodingException) {
            return "not UTF-8 text";
        }
        if (fault instanceof FileSystemException system && system.getReason() != null) {
            return system.getReason();
        }
        return fault.getMessage() == null ? fault.getClass().getSimpleName() : fault.getMessage();
    }
}
