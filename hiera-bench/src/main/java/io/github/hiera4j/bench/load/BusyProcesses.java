package io.github.hiera4j.bench.load;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Processes that each keep one processor busy until they are closed. They always end with this process. */
public final class BusyProcesses implements AutoCloseable {
    /** Maximum number of processes. */
    public static final int MOST = 256;

    private final List<Process> processes = new ArrayList<>();

    /**
     * Starts processes and waits until all are busy.
     *
     * @param count 1 to {@link #MOST}
     * @throws HieraException if the count is out of range, or a process cannot be started
     */
    public BusyProcesses(int count) {
        check(count >= 1 && count <= MOST, "expected 1 to %d busy processes, got %d", MOST, count);
        try {
            for (int process = 0; process < count; process++) {
                processes.add(start());
            }
            for (Process process : processes) {
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
                check("busy".equals(lines.readLine()), "a busy process ended at once%s", "");
            }
        } catch (IOException | RuntimeException failure) {
            close();
            throw failure instanceof HieraException known
                    ? known
                    : new HieraException("a busy process cannot be started: " + failure.getMessage(), failure);
        }
    }

    private static Process start() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = List.of(
                java,
                "-Xmx16m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                BusyMain.class.getName());
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** {@return the number of busy processes} */
    public int count() {
        return (int) processes.stream().filter(Process::isAlive).count();
    }

    /** Ends all and waits until they have ended. */
    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
        boolean interrupted = false;
        for (Process process : processes) {
            while (process.isAlive()) {
                try {
                    process.waitFor();
                } catch (InterruptedException interrupt) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
