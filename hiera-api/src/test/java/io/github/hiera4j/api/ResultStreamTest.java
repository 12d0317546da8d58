package io.github.hiera4j.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.OperationInterruptedException;
import io.github.hiera4j.model.testing.TestFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How streams of results are consumed and how they end: back-pressure, exceptions, interrupts. */
@Timeout(60)
class ResultStreamTest {
    private static final Path PICTURE = TestFiles.resource("/media/portrait.png");
    private static final Path FILM = TestFiles.resource("/media/short_7f.mp4");
    private static final ReadOptions FOUR_WORKERS =
            ReadOptions.builder().workers(4).clips(2).crops(1).build();
    private static HieraClassifier images;
    private static HieraClassifier videos;

    @BeforeAll
    static void load() {
        images = HieraClassifier.load(TestFiles.checkpoint("nano_official.pth"));
        videos = HieraClassifier.load(TestFiles.checkpoint("nano_video_official.pth"));
    }

    @AfterAll
    static void close() {
        images.close();
        videos.close();
    }

    private static Stream<Path> counted(AtomicInteger taken) {
        return Stream.generate(() -> {
            taken.incrementAndGet();
            return PICTURE;
        });
    }

    private static List<Thread> ownThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("hiera-read")
                        || thread.getName().startsWith("hiera-list"))
                .toList();
    }

    private static void assertThatThreadsEnd() throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!ownThreads().isEmpty() && System.nanoTime() < end) {
            Thread.sleep(50);
        }
        assertThat(ownThreads()).isEmpty();
    }

    @Test
    void aParallelStreamTakesNoMoreFilesThanASequentialOne() {
        AtomicInteger taken = new AtomicInteger();
        try (Stream<MediaResult<List<Classification>>> results = images.classifyAll(counted(taken), FOUR_WORKERS, 1)) {
            assertThat(results.parallel().limit(10).toList()).hasSize(10);
        }
        assertThat(taken.get()).isLessThanOrEqualTo(10 + 4 + 1 + 1);
    }

    @Test
    void theCallersParallelStreamIsTakenOneByOneToo() {
        AtomicInteger taken = new AtomicInteger();
        Stream<Path> files = IntStream.range(0, 100_000).parallel().mapToObj(i -> {
            taken.incrementAndGet();
            return PICTURE;
        });
        try (Stream<MediaResult<List<Classification>>> results = images.classifyAll(files, FOUR_WORKERS, 1)) {
            assertThat(results.limit(10)).hasSize(10);
        }
        assertThat(taken.get()).isLessThanOrEqualTo(10 + 4 + 1 + 1);
    }

    @Test
    void workersEndWhenAConsumerThrowsAndNobodyClosesTheStream() throws InterruptedException {
        Stream<MediaResult<List<Classification>>> results =
                images.classifyAll(counted(new AtomicInteger()), FOUR_WORKERS, 1);
        assertThatThrownBy(() -> results.forEach(result -> {
                    throw new IllegalArgumentException("the consumer's own");
                }))
                .hasMessage("the consumer's own");
        assertThatThreadsEnd();
    }

    @Test
    void workersEndWhenAnIteratorIsLeftInTheMiddle() throws InterruptedException {
        Iterator<MediaResult<List<Classification>>> results = images.classifyAll(
                        counted(new AtomicInteger()), FOUR_WORKERS, 1)
                .iterator();
        results.next();
        assertThatThreadsEnd();
        assertThat(results.next().value()).isPresent(); // the threads start again when they are needed
        assertThatThreadsEnd();
    }

    @Test
    void aClosedStreamSaysSo() {
        Stream<MediaResult<List<Classification>>> results =
                images.classifyAll(counted(new AtomicInteger()), FOUR_WORKERS, 1);
        Iterator<MediaResult<List<Classification>>> iterator = results.iterator();
        iterator.next();
        results.close();
        assertThatThrownBy(iterator::next)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void aNullPathIsAProgrammingErrorThatNamesItsPlace() {
        assertThatThrownBy(() -> images.classify((Path) nothing(), 1)).isInstanceOf(NullPointerException.class);
        List<MediaResult<List<Classification>>> before = new ArrayList<>();
        try (Stream<MediaResult<List<Classification>>> results =
                images.classifyInputs(Arrays.asList(MediaInput.of(PICTURE), nothing()).stream(), FOUR_WORKERS, 1)) {
            assertThatThrownBy(() -> results.forEach(before::add))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessageContaining("input 2");
        }
        assertThat(before).hasSize(1);
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T nothing() {
        return null;
    }

    @Test
    void whatTheCallersStreamThrowsComesAfterTheResultsBefore() {
        Stream<Path> files = Stream.concat(Stream.of(PICTURE, PICTURE), Stream.generate(() -> {
            throw new IllegalStateException("the database is gone");
        }));
        List<MediaResult<List<Classification>>> before = new ArrayList<>();
        try (Stream<MediaResult<List<Classification>>> results = images.classifyAll(files, FOUR_WORKERS, 1)) {
            assertThatThrownBy(() -> results.forEach(before::add)).hasMessage("the database is gone");
        }
        assertThat(before).hasSize(2);
    }

    @Test
    void anInterruptIsNoFaultOfTheFile() {
        try (Stream<MediaResult<List<Classification>>> results = videos.classifyAll(Stream.of(FILM), FOUR_WORKERS, 1)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> results.forEach(result -> {}))
                    .isInstanceOf(OperationInterruptedException.class)
                    .hasMessageNotContaining("damaged");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        for (Path file : List.of(PICTURE, FILM)) {
            try {
                Thread.currentThread().interrupt();
                assertThatThrownBy(() -> videos.classify(file, 1))
                        .isInstanceOf(OperationInterruptedException.class)
                        .hasMessageNotContaining("damaged");
            } finally {
                assertThat(Thread.interrupted()).isTrue();
            }
        }
    }

    @Test
    void optionsOutsideTheirRangeAreNamed() {
        assertThatThrownBy(() -> ReadOptions.builder().batch(0).build())
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("batch");
        assertThatThrownBy(() -> images.classifyAll(Stream.of(PICTURE), ReadOptions.DEFAULT, 0))
                .isInstanceOf(HieraException.class);
    }
}
