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
 * Says in words why a file could not be read or written, and as which {@link HieraException}: the messages of Java's own
 * exceptions often are just the path.
 */
public final class FileFault {
    private FileFault() {}

    /**
     * {@return the failure to throw when a file cannot be read}
     *
     * @param file what messages call it
     * @param fault what the file system reported
     */
    public static HieraException unreadable(Object file, IOException fault) {
        return exception(file + ": cannot be read: ", fault);
    }

    /**
     * {@return the failure to throw when a file cannot be written}
     *
     * @param file what messages call it
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
     * {@return the reason, to follow a text such as {@code model.pth: cannot be written: }}
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
            return "a file of that name is in the way";
        }
        if (fault instanceof NotDirectoryException) {
            return "not a directory";
        }
        if (fault instanceof CharacterCodingException) {
            return "not a text in UTF-8";
        }
        if (fault instanceof FileSystemException system && system.getReason() != null) {
            return system.getReason();
        }
        return fault.getMessage() == null ? fault.getClass().getSimpleName() : fault.getMessage();
    }
}
