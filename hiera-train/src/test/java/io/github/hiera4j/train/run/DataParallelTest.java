package io.github.hiera4j.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.model.testing.JvmProcess;
import io.github.hiera4j.model.weights.safetensors.SafetensorsFile;
import io.github.hiera4j.torch.distributed.ProcessGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** Two processes on one machine train like a single one. */
class DataParallelTest {
    /** Seconds that a process waits for another one; long, so that no test fails on a busy machine. */
    private static final int PATIENCE = 600;

    @TempDir
    private Path directory;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endAll() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void twoProcessesHaveTheLossesOfOne() throws Exception {
        compareLosses(8);
    }

    @Test
    @Tag("slow")
    void theyHaveThemForFiftySteps() throws Exception {
        compareLosses(50);
    }

    private void compareLosses(int steps) throws Exception {
        List<Process> ranks = start(60, "losses", String.valueOf(steps));
        List<Double> expected = new ArrayList<>();
        expected.addAll(ForkedRank.losses(ForkedRank.supervised(), ProcessGroup.alone(), 1, steps));
        expected.addAll(ForkedRank.losses(ForkedRank.autoencoder(), ProcessGroup.alone(), 1, steps));

        List<Double> few = new ArrayList<>();
        few.addAll(ForkedRank.losses(ForkedRank.supervised(), ProcessGroup.alone(), 1, 4));
        few.addAll(ForkedRank.losses(ForkedRank.autoencoder(), ProcessGroup.alone(), 1, 4));

        for (int rank = 0; rank < 2; rank++) {
            assertThat(ranks.get(rank).waitFor()).as(output(rank)).isZero();
            List<Double> losses = numbers(rank, "loss ");
            assertThat(losses).hasSize(2 * steps);
            for (int i = 0; i < losses.size(); i++) {
                assertThat(losses.get(i)).as("step %d", i).isCloseTo(expected.get(i), within(1e-5 * expected.get(i)));
            }
            assertThat(numbers(rank, "sharded "))
                    .as("with the optimiser's state in parts, to the last bit")
                    .isEqualTo(losses);
            List<Double> bytes = numbers(rank, "optimizer bytes ");
            for (int kind = 0; kind < 2; kind++) {
                double whole = bytes.get(3 * kind);
                assertThat(bytes.get(3 * kind + 1)).isBetween(0.45 * whole, 0.55 * whole);
            }
            List<Double> rounded = numbers(rank, "rounded ");
            assertThat(rounded).as("gradients in bfloat16").hasSameSizeAs(few).isNotEqualTo(few);
            for (int i = 0; i < few.size(); i++) {
                assertThat(rounded.get(i)).as("step %d", i).isCloseTo(few.get(i), within(1e-2 * few.get(i)));
            }
        }
    }

    /** Returns the numbers in a process's output lines that begin with a text. */
    private List<Double> numbers(int rank, String start) throws IOException {
        return output(rank)
                .lines()
                .filter(line -> line.startsWith(start))
                .map(line -> Double.valueOf(line.substring(start.length()).split(" ", -1)[0]))
                .toList();
    }

    @Test
    @Tag("slow")
    void aRunGoesOnInTwoProcessesAndThenInOne() throws Exception {
        Path alone = directory.resolve("alone");
        Path mixed = directory.resolve("mixed");
        for (int epochs = 1; epochs <= 3; epochs++) {
            ForkedRank.train(alone, epochs, 0, false, ProcessGroup.alone());
        }
        ForkedRank.train(mixed, 1, 0, false, ProcessGroup.alone());
        trainTogether(mixed, 2, "0", "sharded");
        assertThat(output(0))
                .contains("resumes after step 6 of 12")
                .contains("1 damaged files were replaced")
                .containsPattern("the optimiser's state of .* MB is divided among 2 processes")
                .containsPattern("trace: .*trace.json .* waiting for other processes; exchange [0-9.]+ ms, of which");
        assertThat(mixed.resolve("trace.json"))
                .content()
                .contains("\"rank 1\"", "sum of bucket 1", "parameters of other processes", "wait for data", "step 11")
                .doesNotContain("step 12");
        assertThat(mixed.resolve("trace.svg")).isRegularFile();
        ForkedRank.train(mixed, 3, 0, false, ProcessGroup.alone());

        Map<String, float[]> expected = weights(alone);
        Map<String, float[]> actual = weights(mixed);
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, values) -> assertThat(distance(values, Objects.requireNonNull(actual.get(name))))
                .as(name)
                .isLessThan(1e-3));
    }

    @Test
    void whereOneProcessCannotBeginAllSayWhy() throws Exception {
        Path run = directory.resolve("never");
        List<Process> ranks = start(PATIENCE, "disagree", run.toString());
        for (int rank = 0; rank < 2; rank++) {
            assertThat(ranks.get(rank).waitFor()).as(output(rank)).isZero();
        }
        List<String> first = refusals(0);
        assertThat(first).hasSize(3);
        assertThat(first.get(0)).matches("refused: rank 1: .*nowhere.*");
        assertThat(first.get(1))
                .isEqualTo(
                        "refused: rank 1 has different data than rank 0 (12 training and 4 held-out samples; rank 0: 8"
                                + " training and 4 held-out samples): files, names and labels must be the same in all processes");
        assertThat(first.get(2))
                .isEqualTo(
                        "refused: rank 1 has flip=0.0, rank 0 has flip=0.5: start all processes with the same settings");
        List<String> second = refusals(1);
        assertThat("refused: rank 1: " + second.get(0).substring("refused: ".length()))
                .isEqualTo(first.get(0));
        assertThat(second.subList(1, 3)).isEqualTo(first.subList(1, 3));
    }

    private List<String> refusals(int rank) throws IOException {
        return output(rank).lines().filter(line -> line.startsWith("refused")).toList();
    }

    @Test
    void aBatchIsOnlyDividedEvenly() {
        assertThat(ForkedTraining.recipe()
                        .with("batch_size", "4")
                        .perProcess(2)
                        .data()
                        .batchSize())
                .isEqualTo(2);
        assertThatThrownBy(() -> ForkedTraining.recipe().with("batch_size", "4").perProcess(3))
                .hasMessage("a batch of 4 samples cannot be divided evenly among 3 processes: use 1, 2 or 4 processes");
    }

    @Test
    @Tag("slow")
    void aKilledRankEndsTheJobAndARestartGoesOnToTheSameBits(TestReporter reporter) throws Exception {
        killAndRestart(1, 2, reporter);
    }

    @Test
    @Tag("slow")
    void tenKilledRanksDoNotChangeTheResult(TestReporter reporter) throws Exception {
        killAndRestart(10, 30, reporter);
    }

    private void killAndRestart(int kills, int epochs, TestReporter reporter) throws Exception {
        Path whole = directory.resolve("whole");
        Path run = directory.resolve("killed");
        trainTogether(whole, epochs);
        Random random = new Random(kills);
        for (int kill = 0; kill < kills; kill++) {
            List<Process> ranks = start(PATIENCE, run.toString(), String.valueOf(epochs), "20");
            awaitCheckpoint(run, ranks.get(0));
            Thread.sleep(random.nextInt(80));
            int victim = kill == 0 ? 1 : random.nextInt(2);
            ranks.get(victim).destroyForcibly();
            long killed = System.nanoTime();
            Process survivor = ranks.get(1 - victim);
            assertThat(survivor.waitFor(10, TimeUnit.SECONDS))
                    .as("kill %d", kill)
                    .isTrue();
            long milliseconds = (System.nanoTime() - killed) / 1_000_000;
            reporter.publishEntry(
                    "kill of rank " + victim + ": the other ended after ms", String.valueOf(milliseconds));
            assertThat(survivor.exitValue()).as(output(1 - victim)).isNotZero();
            assertThat(output(1 - victim).lines().filter(line -> line.contains("another process ended")))
                    .as(output(1 - victim))
                    .hasSize(1);
        }
        trainTogether(run, epochs);
        Map<String, float[]> expected = weights(whole);
        Map<String, float[]> actual = weights(run);
        expected.forEach((name, values) -> assertThat(actual.get(name)).as(name).isEqualTo(values));
    }

    @Test
    @Tag("slow")
    void aRankThatHangsEndsTheJobInTheStatedTime() throws Exception {
        Path run = directory.resolve("hung");
        List<Process> ranks = start(2, run.toString(), "50", "20");
        awaitCheckpoint(run, ranks.get(0));
        signal("STOP", ranks.get(1));
        long start = System.nanoTime();
        assertThat(ranks.get(0).waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat((System.nanoTime() - start) / 1e9).isLessThan(10);
        assertThat(output(0))
                .contains("another process did not answer within 2 s")
                .contains("rerun with --resume");
        assertThat(ranks.get(0).exitValue()).isNotZero();
    }

    private static void signal(String name, Process process) throws Exception {
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .start()
                .waitFor();
    }

    private static void awaitCheckpoint(Path run, Process first) throws InterruptedException {
        RunDirectory directory = RunDirectory.ofOther(run);
        int before = newest(directory);
        while (first.isAlive() && newest(directory) < Math.max(1, before + 1)) {
            Thread.sleep(10);
        }
    }

    private static int newest(RunDirectory directory) {
        return directory.checkpoints().stream()
                .mapToInt(saved -> (int) saved.step())
                .max()
                .orElse(0);
    }

    private void trainTogether(Path run, int epochs, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(run.toString(), String.valueOf(epochs)));
        arguments.addAll(more.length == 0 ? List.of("0") : List.of(more));
        List<Process> ranks = start(PATIENCE, arguments.toArray(new String[0]));
        for (int rank = 0; rank < 2; rank++) {
            assertThat(ranks.get(rank).waitFor()).as(output(rank)).isZero();
            assertThat(output(rank)).contains("complete true");
        }
    }

    private List<Process> start(int timeout, String... arguments) throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        List<Process> ranks = new ArrayList<>();
        for (int rank = 0; rank < 2; rank++) {
            List<String> line = JvmProcess.java();
            line.addAll(List.of(
                    "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                    ForkedRank.class.getName()));
            line.addAll(List.of(arguments));
            ProcessBuilder builder = new ProcessBuilder(line)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("rank" + rank).toFile());
            builder.environment()
                    .putAll(Map.of(
                            "RANK", String.valueOf(rank),
                            "WORLD_SIZE", "2",
                            "LOCAL_RANK", String.valueOf(rank),
                            "LOCAL_WORLD_SIZE", "2",
                            "MASTER_ADDR", "localhost",
                            "MASTER_PORT", String.valueOf(port),
                            "HIERA_PROCESS_TIMEOUT", String.valueOf(timeout)));
            ranks.add(builder.start());
        }
        started.addAll(ranks);
        return ranks;
    }

    private String output(int rank) throws IOException {
        return Files.readString(directory.resolve("rank" + rank));
    }

    private static Map<String, float[]> weights(Path run) {
        Map<String, float[]> weights = new LinkedHashMap<>();
        try (SafetensorsFile file = SafetensorsFile.open(run.resolve("model").resolve("model.safetensors"))) {
            file.names().forEach(name -> weights.put(name, file.read(name).toFloats()));
        }
        return weights;
    }

    /** Returns the distance relative to the norm of the first array. */
    private static double distance(float[] a, float[] b) {
        double difference = 0;
        double norm = 1e-6;
        for (int i = 0; i < a.length; i++) {
            difference += (a[i] - b[i]) * (double) (a[i] - b[i]);
            norm += a[i] * (double) a[i];
        }
        return Math.sqrt(difference / norm);
    }
}
