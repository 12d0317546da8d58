package io.github.hiera4j.torch.distributed;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.Printable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The place of a process among those that train together, as given by environment variables of PyTorch's launchers.
 *
 * @param rank {@code RANK}, from 0
 * @param size {@code WORLD_SIZE}: the number of processes
 * @param address {@code MASTER_ADDR}: the host of rank 0
 * @param port {@code MASTER_PORT}: the port on which rank 0 listens
 * @param localRank {@code LOCAL_RANK}: the number of the process on its own machine; determines its GPU
 * @param localSize {@code LOCAL_WORLD_SIZE}: processes on its own machine, which share its cores
 * @param timeout {@code HIERA_PROCESS_TIMEOUT} in seconds: the longest time that a process waits for another
 */
public record ProcessPlace(
        int rank, int size, String address, int port, int localRank, int localSize, Duration timeout) {
    /** Names of the variables that must be given together. */
    public static final List<String> REQUIRED = List.of("RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT");

    /** The variable with the seconds to wait. */
    public static final String TIMEOUT = "HIERA_PROCESS_TIMEOUT";

    /** How long a process waits for another one if the variable is not set. */
    public static final int DEFAULT_TIMEOUT_SECONDS = 300;

    private static final int MOST_PROCESSES = 1 << 16;
    private static final int MOST_SECONDS = 24 * 3600;

    /**
     * Checks that ranks are below the numbers of processes and that the port is valid.
     *
     * @param address the host of rank 0
     * @param localRank number of this process on its machine
     * @param localSize processes on this machine
     * @param port 1 to 65535
     * @param rank number of this process, from 0
     * @param size number of processes
     * @param timeout longest wait for the others
     */
    public ProcessPlace {
        check(size >= 1 && size <= MOST_PROCESSES, "WORLD_SIZE must be 1 to %d, got %d", MOST_PROCESSES, size);
        check(rank >= 0 && rank < size, "RANK must be 0 to %d (WORLD_SIZE is %d), got %d", size - 1, size, rank);
        check(port >= 1 && port <= 65535, "MASTER_PORT must be 1 to 65535, got %d", port);
        check(localSize >= 1 && localSize <= size, "LOCAL_WORLD_SIZE must be 1 to %d, got %d", size, localSize);
        check(
                localRank >= 0 && localRank < localSize,
                "LOCAL_RANK must be 0 to %d (LOCAL_WORLD_SIZE is %d), got %d",
                localSize - 1,
                localSize,
                localRank);
        long seconds = timeout.toSeconds();
        check(seconds >= 1 && seconds <= MOST_SECONDS, "%s must be 1 to %d, got %d", TIMEOUT, MOST_SECONDS, seconds);
    }

    /**
     * Reads the variables.
     *
     * @param environment names and values, as in {@link System#getenv()}
     * @return the place; empty if none of {@link #REQUIRED} is set, or {@code WORLD_SIZE} is 1
     * @throws HieraException if some are set and others are not, or one is out of its range
     */
    public static Optional<ProcessPlace> of(Map<String, String> environment) {
        List<String> missing = REQUIRED.stream()
                .filter(name -> environment.getOrDefault(name, "").isBlank())
                .toList();
        // RANK alone is not enough: other programs set it too.
        if (environment.getOrDefault("WORLD_SIZE", "").isBlank() || number(environment, "WORLD_SIZE", 1) == 1) {
            return Optional.empty();
        }
        check(
                missing.isEmpty(),
                "WORLD_SIZE is set but %s is not: training in several processes needs %s in the environment",
                String.join(", ", missing),
                String.join(", ", REQUIRED));
        int localSize = number(environment, "LOCAL_WORLD_SIZE", 1);
        return Optional.of(new ProcessPlace(
                number(environment, "RANK", 0),
                number(environment, "WORLD_SIZE", 1),
                environment.getOrDefault("MASTER_ADDR", "").strip(),
                number(environment, "MASTER_PORT", 0),
                localSize == 1 ? 0 : number(environment, "LOCAL_RANK", 0),
                localSize,
                Duration.ofSeconds(number(environment, TIMEOUT, DEFAULT_TIMEOUT_SECONDS))));
    }

    private static int number(Map<String, String> environment, String name, int otherwise) {
        String text = environment.getOrDefault(name, "").strip();
        try {
            return text.isEmpty() ? otherwise : Integer.parseInt(text);
        } catch (NumberFormatException fault) {
            throw new HieraException(
                    "the environment variable " + name + " must be a whole number, got '" + Printable.of(text) + "'",
                    fault);
        }
    }
}
