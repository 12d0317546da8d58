package io.github.hiera4j.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.MissingFileException;
import io.github.hiera4j.model.UnsupportedException;
import io.github.hiera4j.model.testing.TestFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The computation of result streams: order, batches, failures, and memory for reading ahead. */
@Timeout(60)
class ResultBatchesTest {
    private static final Path PICTURE = TestFiles.resource("/media/portrait.png");
    private static final Path FILM = TestFiles.resource("/media/short_7f.mp4");
    private static final ReadOptions FOUR_WORKERS =
            ReadOptions.builder().workers(4).clips(2).crops(1).build();
    private static HieraClassifier videos;

    @BeforeAll
    static void load() {
        videos = HieraClassifier.load(TestFiles.checkpoint("nano_video_official.pth"));
    }

    @AfterAll
    static void close() {
        videos.close();
    }

    @Test
    void everyResultIsThereBeforeTheNextFileIsNamed() throws InterruptedException {
        BlockingQueue<Path> questions = new LinkedBlockingQueue<>();
        for (int batch : new int[] {1, 4}) {
            Stream<Path> files = Stream.generate(() -> {
                try {
                    return questions.take();
                } catch (InterruptedException end) {
                    throw new IllegalStateException(end);
                }
            });
            try (Stream<MediaResult<List<Classification>>> results =
                    videos.classifyAll(files.limit(3), FOUR_WORKERS.withBatch(batch), 1)) {
                Iterator<MediaResult<List<Classification>>> answers = results.iterator();
                for (int i = 0; i < 3; i++) {
                    questions.add(PICTURE);
                    assertThat(answers.next().value()).isPresent();
                }
                assertThat(answers.hasNext()).isFalse();
            }
        }
    }

    @Test
    void failuresStandInTheirPlaceAndSayOfWhichKindTheyAre() throws IOException {
        Path text = Files.writeString(Files.createTempFile("notes", ".jpg"), "no picture at all");
        List<Path> files = List.of(PICTURE, Path.of("missing.png"), FILM, text, PICTURE);
        for (int batch : new int[] {1, 2, 8}) {
            try (Stream<MediaResult<float[]>> stream =
                    videos.backbone().embedAll(files.stream(), FOUR_WORKERS.withBatch(batch))) {
                List<MediaResult<float[]>> results = stream.toList();
                assertThat(results.stream().map(MediaResult::name))
                        .isEqualTo(files.stream().map(Path::toString).toList());
                assertThat(results.stream().map(result -> result.value().isPresent()))
                        .containsExactly(true, false, true, false, true);
                assertThat(results.get(1).failure()).containsInstanceOf(MissingFileException.class);
                assertThat(results.get(3).failure()).containsInstanceOf(UnsupportedException.class);
            }
        }
        Files.delete(text);
    }

    @Test
    void chunksAndBatchesGiveWhatOneFileAtATimeGives() {
        ReadOptions options = ReadOptions.DEFAULT.withViews(3, 3);
        float[] film =
                videos.backbone().embed(List.of(MediaInput.of(FILM)), options).get(0);
        float[] picture = videos.backbone()
                .embed(List.of(MediaInput.of(PICTURE)), options)
                .get(0);
        List<Path> files = Collections.nCopies(3, FILM);
        for (long memory : new long[] {1, 1 << 20, 1 << 28}) {
            for (int batch : new int[] {1, 2, 5, 8}) {
                ReadOptions read = options.toBuilder()
                        .memoryBytes(memory)
                        .batch(batch)
                        .workers(3)
                        .build();
                try (Stream<MediaResult<float[]>> stream =
                        videos.backbone().embedAll(Stream.concat(files.stream(), Stream.of(PICTURE)), read)) {
                    List<float[]> results = stream.map(MediaResult::orThrow).toList();
                    for (int i = 0; i < 3; i++) {
                        assertThat(results.get(i))
                                .usingComparatorWithPrecision(1e-5f)
                                .containsExactly(film);
                    }
                    assertThat(results.get(3))
                            .usingComparatorWithPrecision(1e-5f)
                            .containsExactly(picture);
                }
            }
        }
    }

    @Test
    void whatIsReadAheadStaysWithinItsMemory() throws InterruptedException {
        long clip = 3L
                * videos.config().inputSize().stream()
                        .mapToInt(Integer::intValue)
                        .reduce(1, Math::multiplyExact)
                * Float.BYTES;
        ReadOptions options = ReadOptions.builder()
                .workers(16)
                .clips(5)
                .crops(3)
                .memoryBytes(20 * clip)
                .build();
        videos.embed(FILM); // compiles the plan
        System.gc();
        long before = directBytes();
        AtomicInteger results = new AtomicInteger();
        long[] most = {0};
        try (Stream<MediaResult<float[]>> stream =
                videos.backbone().embedAll(Collections.nCopies(40, FILM).stream(), options)) {
            stream.forEach(result -> {
                assertThat(result.value()).isPresent();
                results.incrementAndGet();
                pause();
                most[0] = Math.max(most[0], directBytes() - before);
            });
        }
        assertThat(results.get()).isEqualTo(40);
        long small = 4L << 20; // results that are not collected yet
        assertThat(most[0]).isLessThanOrEqualTo(options.memoryBytes() + 3 * clip + 2 * clip + small);
    }

    /** Gives the workers time to read ahead up to their limit. */
    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(5);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private static long directBytes() {
        return java.lang.management.ManagementFactory.getPlatformMXBeans(java.lang.management.BufferPoolMXBean.class)
                .stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(java.lang.management.BufferPoolMXBean::getMemoryUsed)
                .sum();
    }
}
