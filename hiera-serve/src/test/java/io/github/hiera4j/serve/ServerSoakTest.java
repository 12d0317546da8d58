package io.github.hiera4j.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.detect.testing.NanoDetectorFile;
import io.github.hiera4j.model.testing.TestFiles;
import io.github.hiera4j.serve.http.ServerOptions;
import io.github.hiera4j.serve.model.ModelFile;
import io.github.hiera4j.serve.model.ServeSettings;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ten minutes of mixed load with constant memory. The system property {@code hiera.soak.minutes} sets another duration; measurements are
 * printed.
 */
@Tag("slow")
class ServerSoakTest {
    private static final int CLIENTS = 4;
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final int MEASUREMENTS = 20;
    private static final long MEGABYTE = 1 << 20;

    @TempDir
    Path directory;

    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicLong answered = new AtomicLong();
    private final List<String> unexpected = new CopyOnWriteArrayList<>();

    /**
     * Memory of the process, in bytes.
     *
     * @param requests that were answered so far
     * @param heap after a collection
     * @param models native memory of models
     * @param media native memory of requests in progress
     * @param resident memory of the process
     * @param committed heap committed by the collector, used or not: it varies with the load
     */
    private record Memory(long requests, double heap, double models, double media, double resident, double committed) {
        double outsideTheHeap() {
            return resident - committed;
        }
    }

    @Test
    void memoryIsFlatUnderMixedLoad() throws Exception {
        long minutes = Integer.getInteger("hiera.soak.minutes", 10);
        try (HieraServer server = HieraServer.start(
                List.of(
                        new ModelFile("nano", TestFiles.checkpoint("nano_official.pth")),
                        new ModelFile("clips", TestFiles.checkpoint("nano_video_official.pth")),
                        new ModelFile("mae", TestFiles.checkpoint("mae_nano_official.pth")),
                        new ModelFile("sam", TestFiles.checkpoint("sam2_nano_hf")),
                        new ModelFile("detector", NanoDetectorFile.write(directory))),
                ServeSettings.DEFAULT,
                ServerOptions.builder().port(0).build())) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                SplittableRandom random = new SplittableRandom(i);
                Thread thread = new Thread(() -> load(new Client(server.port()), random), "client-" + i);
                thread.start();
                threads.add(thread);
            }
            List<Memory> measured = new ArrayList<>();
            Client client = new Client(server.port());
            for (int i = 0; i < MEASUREMENTS; i++) {
                Thread.sleep(Duration.ofMinutes(minutes).toMillis() / MEASUREMENTS);
                measured.add(measure(client));
                System.out.println(measured.get(i));
            }
            stop.set(true);
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(unexpected).isEmpty();
            assertThat(answered.get()).isGreaterThan(100 * minutes);
            flat("heap", measured, Memory::heap, 16 * MEGABYTE);
            flat("native memory of models", measured, Memory::models, 16 * MEGABYTE);
            flat("resident memory outside the heap", measured, Memory::outsideTheHeap, 64 * MEGABYTE);
            assertThat(client.metric("hiera_media_native_bytes")).isZero();
            assertThat(client.metric("hiera_bodies_bytes")).isZero();
        }
    }

    /** Checks that the median of the last quarter is no larger than that of the second; during the first, networks are loaded. */
    private static void flat(String what, List<Memory> measured, ToDoubleFunction<Memory> figure, long slack) {
        int quarter = MEASUREMENTS / 4;
        double early = median(measured.subList(quarter, 2 * quarter), figure);
        double late = median(measured.subList(3 * quarter, MEASUREMENTS), figure);
        assertThat(late).as(what).isLessThan(early + slack);
    }

    private static double median(List<Memory> measured, ToDoubleFunction<Memory> figure) {
        return measured.stream().mapToDouble(figure).sorted().toArray()[measured.size() / 2];
    }

    private Memory measure(Client client) throws Exception {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        double heap = runtime.totalMemory() - runtime.freeMemory();
        return new Memory(
                answered.get(),
                heap,
                client.metric("hiera_model_native_bytes{"),
                client.metric("hiera_media_native_bytes"),
                resident(),
                runtime.totalMemory());
    }

    /** Returns the resident bytes of this process; 0 if the system does not report them. */
    private static double resident() throws Exception {
        Path status = Path.of("/proc/self/status");
        return Files.exists(status)
                ? Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToDouble(line -> 1024 * Double.parseDouble(line.replaceAll("\\D", "")))
                        .sum()
                : 0;
    }

    private void load(Client client, SplittableRandom random) {
        try {
            byte[] picture = Files.readAllBytes(TestFiles.resource("/media/portrait.png"));
            byte[] video = Files.readAllBytes(TestFiles.resource("/media/short_7f.mp4"));
            while (!stop.get()) {
                HttpResponse<String> answer = request(client, random, picture, video);
                int status = answer.statusCode();
                if (status != 200 && status != 422) {
                    unexpected.add(status + ": " + answer.body());
                }
                answered.incrementAndGet();
                Thread.sleep(PAUSE.toMillis());
            }
        } catch (Exception failure) {
            unexpected.add(failure.toString());
        }
    }

    private static HttpResponse<String> request(Client client, SplittableRandom random, byte[] picture, byte[] video)
            throws Exception {
        return switch (random.nextInt(10)) {
            case 0, 1 -> client.post("/v1/classify", picture);
            case 2 -> client.post("/v1/classify?clips=2", video);
            case 3 ->
                client.post(
                        "/v1/embed",
                        Map.of(),
                        List.of(new Client.Part("a.png", picture), new Client.Part("b.mp4", video)));
            case 4 -> client.post("/v1/features?stage=2", picture);
            case 5 -> client.post("/v1/segment?point=" + random.nextInt(90) + ",20", picture);
            case 6 -> client.post("/v1/detect?threshold=0.3", picture);
            case 7 ->
                client.post(
                        "/v1/reconstruct?mask-ratio=0." + random.nextInt(3, 9) + "&seed=" + random.nextInt(99),
                        picture);
            case 8 -> client.post("/v1/attention?model=nano&block=" + random.nextInt(3), picture);
            default -> {
                byte[] damaged = java.util.Arrays.copyOf(picture, random.nextInt(100, picture.length));
                yield client.post("/v1/classify", damaged);
            }
        };
    }
}
