package io.github.hiera4j.torch.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.torch.BatchShare;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessGroupTest {
    @Test
    void twoProcessesAddWhatTheyHave() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        List<Process> ranks = new ArrayList<>();
        for (int rank = 0; rank < 2; rank++) {
            ProcessBuilder builder = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            SumMain.class.getName())
                    .redirectErrorStream(true);
            builder.environment()
                    .putAll(Map.of(
                            "RANK", String.valueOf(rank),
                            "WORLD_SIZE", "2",
                            "MASTER_ADDR", "localhost",
                            "MASTER_PORT", String.valueOf(port),
                            "HIERA_PROCESS_TIMEOUT", "60"));
            ranks.add(builder.start());
        }
        for (Process rank : ranks) {
            String output = new String(rank.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(output)
                    .contains(
                            "sum [3.0, 1.0]",
                            "gathered [0, 1]",
                            "first a",
                            "Float 196608.0",
                            "BFloat16 196608.0",
                            "parts 1.0 2.0",
                            "from 1: 2.0");
            assertThat(rank.waitFor()).isZero();
        }
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
