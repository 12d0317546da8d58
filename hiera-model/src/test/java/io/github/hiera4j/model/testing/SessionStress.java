package io.github.hiera4j.model.testing;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.Backends;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.FiniteWeights;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Tests that may crash a process, to be run in their own process with {@link JvmProcess}. The first argument names the
 * backend; pairs of a task and a number of rounds follow. Prints some figures, and {@code ok} at the end.
 */
public final class SessionStress {
    private static final int CALLERS = 8;
    private static final Path THREADS = Path.of("/proc/self/task");

    private final Backend backend;
    private final int rounds;

    private SessionStress(Backend backend, int rounds) {
        this.backend = backend;
        this.rounds = rounds;
    }

    public static void main(String[] arguments) throws Exception {
        Backend backend = Backends.named(arguments[0]);
        for (int i = 1; i < arguments.length; i += 2) {
            SessionStress stress = new SessionStress(backend, Integer.parseInt(arguments[i + 1]));
            switch (arguments[i]) {
                case "close" -> stress.closeWhileEightThreadsRun();
                case "reopen" -> stress.openRunAndClose();
                case "damage" -> stress.loadWhileTheFileIsDamaged();
                default -> throw new IllegalArgumentException(arguments[i]);
            }
        }
        System.out.println("ok");
    }

    private Session open(Path checkpoint) {
        try (Checkpoint opened = Checkpoint.open(checkpoint)) {
            return backend.compile(
                    opened.config().inferenceGraph().select(Hiera.LOGITS),
                    new FiniteWeights(opened.weights()),
                    CompileOptions.DEFAULT);
        }
    }

    private static Path nano() {
        return TestFiles.checkpoint("nano_official.pth");
    }

    private static Map<String, HostTensor> feeds(int batch) {
        return Map.of(HieraEncoder.INPUT, FormulaWeights.tensor("input" + batch, Shape.of(batch, 3, 64, 64)));
    }

    private static float[] logits(Session session, Map<String, HostTensor> feeds) {
        return Objects.requireNonNull(session.run(feeds).get(Hiera.LOGITS)).toFloats();
    }

    /** Every caller computes correct scores until the model is closed, and never wrong ones. */
    private void closeWhileEightThreadsRun() throws Exception {
        List<float[]> expected = new ArrayList<>();
        try (Session session = open(nano())) {
            for (int batch = 1; batch <= CALLERS; batch++) {
                expected.add(logits(session, feeds(batch)));
            }
        }
        Random random = new Random(7);
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        AtomicInteger runs = new AtomicInteger();
        for (int round = 0; round < rounds; round++) {
            Session session = open(nano());
            CountDownLatch started = new CountDownLatch(CALLERS);
            List<Thread> callers = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                int batch = caller + 1;
                Thread thread = new Thread(() -> {
                    started.countDown();
                    call(session, batch, expected.get(batch - 1), runs, failures);
                });
                thread.start();
                callers.add(thread);
            }
            started.await();
            Thread.sleep(random.nextInt(40));
            session.close();
            session.close();
            check(session.nativeBytes() == 0, "native memory is left after closing");
            for (Thread caller : callers) {
                caller.join();
            }
        }
        check(failures.isEmpty(), "unexpected: " + failures);
        System.out.println(runs.get() + " runs");
    }

    private static void call(
            Session session,
            int batch,
            float[] expected,
            AtomicInteger runs,
            ConcurrentLinkedQueue<Throwable> failures) {
        try {
            Map<String, HostTensor> feeds = feeds(batch);
            while (true) {
                check(distance(logits(session, feeds), expected) < 1e-4, "wrong scores for a batch of " + batch);
                runs.incrementAndGet();
            }
        } catch (HieraException closed) {
            if (!closed.getMessage().contains("the model is closed")) {
                failures.add(closed);
            }
        } catch (RuntimeException | Error failure) {
            failures.add(failure);
        }
    }

    /** Memory and the number of threads must not grow after the first rounds. */
    private void openRunAndClose() throws Exception {
        int warmUp = rounds / 3;
        long residentBefore = 0;
        long threadsBefore = 0;
        for (int round = 0; round < rounds; round++) {
            if (round == warmUp) {
                residentBefore = residentBytes();
                threadsBefore = threads();
            }
            try (Session session = open(nano())) {
                logits(session, feeds(1 + round % 3));
            }
        }
        long grown = residentBytes() - residentBefore;
        System.out.println("grew by " + (grown >> 10) + " KiB and " + (threads() - threadsBefore) + " threads");
        check(grown < 24L << 20, "the process grew by " + grown + " bytes in " + (rounds - warmUp) + " rounds");
        check(threads() <= threadsBefore + 2, "there were " + threadsBefore + " threads, now there are " + threads());
    }

    private static long residentBytes() throws IOException {
        System.gc(); // Java's own memory is not measured
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        throw new IllegalStateException("no VmRSS");
    }

    private static long threads() throws IOException {
        try (Stream<Path> tasks = Files.list(THREADS)) {
            return tasks.count();
        }
    }

    /** Loading gives the scores of one of the two complete contents of the file, or reports that the file is damaged. */
    private void loadWhileTheFileIsDamaged() throws Exception {
        byte[] first = Files.readAllBytes(nano());
        byte[] second = withOtherWeights(first);
        Path file = Files.createTempFile("hiera-damage", ".pth");
        float[] scoresOfFirst = scoresOf(file, first);
        float[] scoresOfSecond = scoresOf(file, second);
        check(distance(scoresOfFirst, scoresOfSecond) > 1e-3, "the two contents must give different scores");
        AtomicBoolean stop = new AtomicBoolean();
        Thread vandal = new Thread(() -> damage(file, first, second, stop));
        vandal.start();
        int loaded = 0;
        int refused = 0;
        try {
            for (int round = 0; round < rounds; round++) {
                try (Session session = open(file)) {
                    float[] scores = logits(session, feeds(1));
                    check(
                            distance(scores, scoresOfFirst) < 1e-6 || distance(scores, scoresOfSecond) < 1e-6,
                            "a damaged file was loaded");
                    loaded++;
                } catch (HieraException refusal) {
                    refused++;
                }
            }
        } finally {
            stop.set(true);
            vandal.join();
            Files.delete(file);
        }
        System.out.println(loaded + " loaded, " + refused + " refused");
    }

    /** Flips another bit of most weights in the second half of a PyTorch zip; its headers do not change. */
    private static byte[] withOtherWeights(byte[] content) {
        byte[] changed = content.clone();
        int header = content.length;
        for (int i = content.length / 2; i < content.length - 60_000; i++) {
            boolean isHeader = content[i] == 'P' && content[i + 1] == 'K' && content[i + 2] == 3 && content[i + 3] == 4;
            header = isHeader ? i : header;
            if (i - header > 256 && i % 4 == 2) {
                changed[i] ^= 0x40; // in the mantissa: the number stays finite
            }
        }
        return changed;
    }

    private float[] scoresOf(Path file, byte[] content) throws IOException {
        Files.write(file, content);
        try (Session session = open(file)) {
            return logits(session, feeds(1));
        }
    }

    private static void damage(Path path, byte[] first, byte[] second, AtomicBoolean stop) {
        Random random = new Random(11);
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            while (!stop.get()) {
                byte[] content = random.nextBoolean() ? first : second;
                switch (random.nextInt(3)) {
                    case 0 -> file.setLength(random.nextInt(content.length));
                    case 1 -> {
                        file.seek(0);
                        file.write(content);
                    }
                    default -> {
                        file.setLength(content.length);
                        file.seek(content.length / 3);
                        file.write(new byte[content.length / 3]);
                    }
                }
                Thread.sleep(random.nextInt(10));
                file.setLength(content.length);
                file.seek(0);
                file.write(content);
                Thread.sleep(random.nextInt(300)); // long enough for some loads to succeed
            }
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static double distance(float[] actual, float[] expected) {
        check(actual.length == expected.length, Arrays.toString(actual));
        double largest = 0;
        for (int i = 0; i < actual.length; i++) {
            largest = Math.max(largest, Math.abs(actual[i] - expected[i]));
        }
        return Double.isNaN(largest) ? Double.POSITIVE_INFINITY : largest;
    }

    private static void check(boolean condition, String message) {
        if (!condition) {
            throw new IllegalStateException(message);
        }
    }
}
