package io.github.hiera4j.torch.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.testing.JvmProcess;
import io.github.hiera4j.torch.BatchShare;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessGroupTest {
    /** Seconds that a process waits for another one; long, so that no test fails because the machine is busy. */
    private static final int PATIENCE = 600;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endAll() {
        started.forEach(Process::destroyForcibly);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Process start(int rank, int size, String address, int port, int timeout, String... arguments)
            throws IOException {
        List<String> line = JvmProcess.java();
        line.addAll(List.of(
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                SumMain.class.getName()));
        line.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment()
                .putAll(Map.of(
                        "RANK", String.valueOf(rank),
                        "WORLD_SIZE", String.valueOf(size),
                        "MASTER_ADDR", address,
                        "MASTER_PORT", String.valueOf(port),
                        "HIERA_PROCESS_TIMEOUT", String.valueOf(timeout)));
        Process process = builder.start();
        started.add(process);
        return process;
    }

    /** Returns the lines that a process printed itself, without Gloo's messages. */
    private static List<String> lines(Process process) throws IOException, InterruptedException {
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.startsWith("[Gloo]"))
                .toList();
        process.waitFor();
        return lines;
    }

    @Test
    void twoProcessesAddWhatTheyHave() throws Exception {
        int port = freePort();
        List<Process> ranks =
                List.of(start(0, 2, "localhost", port, PATIENCE), start(1, 2, "localhost", port, PATIENCE));
        for (Process rank : ranks) {
            assertThat(lines(rank))
                    .contains(
                            "sum [3.0, 1.0]",
                            "gathered [0, 1]",
                            "first a",
                            "Float 196608.0",
                            "BFloat16 196608.0",
                            "parts [0, 1, 2] [100, 101, 102, 103, 104]",
                            "one part [100, 101, 102, 103, 104]",
                            "from 1: 2.0");
            assertThat(rank.exitValue()).isZero();
        }
    }

    @Test
    void aProcessThatEndsIsNoticedAtOnce() throws Exception {
        int port = freePort();
        Process first = start(0, 2, "localhost", port, PATIENCE, "halt");
        start(1, 2, "localhost", port, PATIENCE, "halt");
        assertThat(lines(first))
                .containsExactly(
                        "lost: rank 0 of 2: a sum over all processes: another process ended or the connection to it broke");
        assertThat(first.exitValue()).isEqualTo(1);
    }

    @Test
    void aProcessThatHangsIsNoticedInTheStatedTime() throws Exception {
        int port = freePort();
        Process first = start(0, 2, "localhost", port, 6, "hang");
        start(1, 2, "localhost", port, 6, "hang");
        assertThat(lines(first))
                .containsExactly(
                        "lost: rank 0 of 2: a sum over all processes: another process did not answer within 6 s"
                                + " (HIERA_PROCESS_TIMEOUT): it hangs or cannot be reached");
    }

    @Test
    void aPortThatAnotherProgramUsesIsNamed() throws Exception {
        try (ServerSocket other = new ServerSocket(0)) {
            Process first = start(0, 2, "localhost", other.getLocalPort(), PATIENCE);
            assertThat(lines(first))
                    .containsExactly("refused: MASTER_PORT=" + other.getLocalPort()
                            + " is in use on this machine: choose a free port, the same for all processes");
        }
    }

    @Test
    void processesOfDifferentWorldSizesDoNotWaitForOthersThatNeverCome() throws Exception {
        int port = freePort();
        Process first = start(0, 2, "localhost", port, PATIENCE);
        Process second = start(1, 3, "localhost", port, PATIENCE);
        assertThat(lines(first))
                .containsExactly(
                        "refused: WORLD_SIZE is 2 in rank 0 and 3 in rank 1: it must be the same in all processes");
        List<String> others = lines(second); // the first may have ended before the second could compare
        assertThat(others).hasSize(1);
        assertThat(others.get(0))
                .containsPattern("WORLD_SIZE is 3 in rank 1 and 2 in rank 0|another process ended or the connection");
    }

    @Test
    void aHostThatNobodyKnowsIsNamed() {
        ProcessPlace place = new ProcessPlace(1, 2, "[nowhere]", 29500, 0, 1, Duration.ofSeconds(PATIENCE));
        assertThatThrownBy(() -> ProcessGroup.join(place))
                .isInstanceOf(HieraException.class)
                .hasMessage("MASTER_ADDR=[nowhere] is not a known host");
    }

    @Test
    void artifactsForProcessorsHaveNoNccl() {
        boolean gpu = System.getProperty("java.class.path").contains("-gpu.jar");
        assertThat(NcclGroup.isAvailable()).isEqualTo(gpu);
    }

    @ParameterizedTest
    @CsvSource({"2,4", "2,5", "3,1", "4,6", "1,7"})
    void everyRowBelongsToOneProcessAndPartnersStayTogether(int processes, int size) {
        int total = processes * size;
        List<Integer> all = new ArrayList<>();
        for (int rank = 0; rank < processes; rank++) {
            int[] rows = new BatchShare(rank, processes).mirroredRows(size);
            assertThat(rows).hasSize(size).isSorted();
            Arrays.stream(rows).forEach(all::add);
            for (int i = 0; i < size / 2; i++) {
                assertThat(rows[i] + rows[size - 1 - i]).isEqualTo(total - 1);
            }
        }
        assertThat(all)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, total).boxed().toList());
    }

    @Test
    void variablesThatDoNotFitAreRefusedByName() {
        assertThat(ProcessPlace.of(Map.of())).isEmpty();
        assertThat(ProcessPlace.of(Map.of("WORLD_SIZE", "1"))).isEmpty();
        assertThatThrownBy(() -> ProcessPlace.of(Map.of("WORLD_SIZE", "2", "RANK", "0")))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("MASTER_ADDR, MASTER_PORT");
        assertThatThrownBy(() ->
                        ProcessPlace.of(Map.of("WORLD_SIZE", "2", "RANK", "2", "MASTER_ADDR", "a", "MASTER_PORT", "1")))
                .hasMessageContaining("RANK must be 0 to 1");
        assertThatThrownBy(() -> ProcessPlace.of(Map.of("WORLD_SIZE", "two"))).hasMessageContaining("WORLD_SIZE");
    }
}
