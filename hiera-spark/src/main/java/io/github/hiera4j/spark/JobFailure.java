package io.github.hiera4j.spark;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.OutOfMemory;
import io.github.hiera4j.model.io.Printable;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Reports the failure of a job in one line that says what to do. */
public final class JobFailure {
    private static final String FAILURE = HieraException.class.getSimpleName() + ": ";

    private JobFailure() {}

    /**
     * Prints the reason of a failure.
     *
     * @param failure what ended the job
     * @param err where the line is printed
     * @return the exit code of the job
     */
    public static int report(Throwable failure, PrintWriter err) {
        print(err, reason(failure));
        return CommandLine.ExitCode.SOFTWARE;
    }

    static void print(PrintWriter err, @Nullable String message) {
        err.println("hiera: " + Printable.message(String.valueOf(message)));
        err.flush();
    }

    /** Returns the message that a user can act on, even if the failure of an executor is only part of Spark's message. */
    static String reason(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            String message = String.valueOf(each.getMessage());
            if (each instanceof HieraException) {
                return message;
            }
            if (OutOfMemory.isCauseOf(each)) {
                return "out of memory: give executors more (spark.executor.memory for the heap,"
                        + " spark.executor.memoryOverhead for the model), or use a smaller --batch";
            }
            if (each instanceof UnsupportedOperationException && message.startsWith("getSubject")) {
                return "Spark's Hadoop client does not run on Java "
                        + Runtime.version().feature() + ": use Java 17 or 21";
            }
            int at = message.indexOf(FAILURE);
            if (at >= 0) {
                return message.substring(at + FAILURE.length())
                        .lines()
                        .findFirst()
                        .orElse(message);
            }
        }
        String message = String.valueOf(failure.getMessage());
        return message.lines().findFirst().orElse(failure.getClass().getSimpleName());
    }
}
