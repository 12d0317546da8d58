package io.github.hiera4j.cli.scale;

import io.github.hiera4j.cli.process.Launched;
import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.OperationInterruptedException;
import io.github.hiera4j.train.run.TrainingProcesses;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The processes of one training run, which are started together and ended together. */
final class ProcessSet implements AutoCloseable {
    /** The time for the remaining processes to end by themselves after one failed, and again after a request to end. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private static final String CHATTER = "[Gloo] Rank "; // libtorch reports connections on standard output
    private static final int SIGNALS = 128;
    private static final int INTERRUPTED = SIGNALS + 2;
    private static final int TERMINATED = SIGNALS + 15;

    private final List<Process> processes = new ArrayList<>();
    private final List<Thread> copiers = new ArrayList<>();
    private final BlockingQueue<Integer> ended = new LinkedBlockingQueue<>();
    private final PrintWriter err;

    private ProcessSet(PrintWriter err) {
        this.err = err;
    }

    static ProcessSet start(List<String> command, int count, Duration timeout, PrintWriter out, PrintWriter err) {
        ProcessSet set = new ProcessSet(err);
        String port = String.valueOf(freePort());
        try {
            for (int rank = 0; rank < count; rank++) {
                ProcessBuilder builder = new ProcessBuilder(Launched.commandLine(command));
                String number = String.valueOf(rank);
                builder.environment()
                        .putAll(Map.of(
                                "RANK",
                                number,
                                "LOCAL_RANK",
                                number,
                                "WORLD_SIZE",
                                String.valueOf(count),
                                "LOCAL_WORLD_SIZE",
                                String.valueOf(count),
                                "MASTER_ADDR",
                                InetAddress.getLoopbackAddress().getHostAddress(),
                                "MASTER_PORT",
                                port,
                                TrainingProcesses.TIMEOUT_VARIABLE,
                                String.valueOf(timeout.toSeconds()),
                                Launched.VARIABLE,
                                "1"));
                set.add(builder.start(), rank, out, err);
            }
        } catch (IOException fault) {
            set.close();
            throw new HieraException("a process cannot be started: " + FileFault.reason(fault), fault);
        }
        return set;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException fault) {
            throw new HieraException("no free port on this machine: " + FileFault.reason(fault), fault);
        }
    }

    private void add(Process process, int rank, PrintWriter out, PrintWriter err) {
        processes.add(process);
        copy(process.getInputStream(), rank, out);
        copy(process.getErrorStream(), rank, err);
        var unused = process.onExit().thenRun(() -> ended.add(rank));
    }

    private void copy(InputStream from, int rank, PrintWriter to) {
        Thread thread = new Thread(
                () -> {
                    try (BufferedReader lines =
                            new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8))) {
                        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                            print(to, rank, line);
                        }
                    } catch (IOException closed) {
                        print(err, rank, "its output cannot be read: " + FileFault.reason(closed));
                    }
                },
                "hiera-output-" + rank);
        thread.setDaemon(true);
        thread.start();
        copiers.add(thread);
    }

    private static void print(PrintWriter to, int rank, String line) {
        if (!line.startsWith(CHATTER)) {
            to.println("[" + rank + "] " + line);
            to.flush();
        }
    }

    /** Requests that all processes save and end; a second call ends them immediately. */
    void requestEnd() {
        // Process.destroy would also close the streams and lose the last output of the process.
        processes.forEach(process -> process.toHandle().destroy());
    }

    /** Waits for all processes; as soon as one fails, ends the others. Returns the exit code. */
    int await() {
        try {
            int code = 0;
            for (int left = processes.size(); left > 0 && code == 0; left--) {
                int rank = ended.take();
                code = processes.get(rank).exitValue();
                if (code != 0 && left > 1) {
                    endOthers();
                }
                if (isViolent(code)) {
                    report(rank, code - SIGNALS);
                }
            }
            for (Thread copier : copiers) {
                copier.join(GRACE.toMillis());
            }
            return isViolent(code) ? 1 : code;
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new OperationInterruptedException("waiting for processes was interrupted", interrupt);
        }
    }

    /** Returns whether a process was killed by a signal that it could not handle. */
    private static boolean isViolent(int code) {
        return code > SIGNALS && code != INTERRUPTED && code != TERMINATED;
    }

    private void report(int rank, int signal) {
        err.println("hiera: rank " + rank + " was ended by signal " + signal
                + "; all processes have ended, the last checkpoint is intact: rerun with --resume to continue");
        err.flush();
    }

    private void endOthers() throws InterruptedException {
        if (!haveEnded()) {
            requestEnd();
        }
        if (!haveEnded()) {
            processes.forEach(process -> process.toHandle().destroyForcibly());
        }
        haveEnded();
    }

    private boolean haveEnded() throws InterruptedException {
        long end = System.nanoTime() + GRACE.toNanos();
        boolean all = true;
        for (Process process : processes) {
            all &= process.waitFor(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        }
        return all;
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
    }
}
