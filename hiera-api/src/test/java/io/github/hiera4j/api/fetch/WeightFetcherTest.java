package io.github.hiera4j.api.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.MissingFileException;
import io.github.hiera4j.model.testing.TestFiles;
import io.github.hiera4j.model.zoo.Licence;
import io.github.hiera4j.model.zoo.ModelHome;
import io.github.hiera4j.model.zoo.PublishedWeights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightFetcherTest {
    private static final byte[] FILE = read(TestFiles.checkpoint("nano_official.pth"));
    private static final String TAG = "\"abc\"";

    @TempDir
    Path home;

    private final List<String> notes = new ArrayList<>();
    private final TransferListener listener = new TransferListener() {
        @Override
        public void note(String message) {
            notes.add(message);
        }
    };

    @Test
    void aFileIsDownloadedOnceAndWhole() throws IOException {
        try (FileServer server =
                new FileServer((request, out) -> FileServer.file(request, out, FILE, FILE.length, TAG))) {
            Path file = fetch(server);
            assertThat(file).hasBinaryContent(FILE);
            assertThat(fetch(server)).isEqualTo(file);
            assertThat(server.requests()).hasSize(1);
            assertThat(server.requests().get(0).path()).isEqualTo("/nano.pth");
            assertOnly("nano.pth");
        }
    }

    @Test
    void aDownloadThatBreaksOffContinuesWhereItStopped() throws IOException {
        try (FileServer server = new FileServer(
                (request, out) -> FileServer.file(request, out, FILE, request.offset() + FILE.length / 3, TAG))) {
            assertThat(fetch(server)).hasBinaryContent(FILE);
            assertThat(server.requests()).hasSizeGreaterThan(2);
            assertThat(server.requests().get(1).headers())
                    .containsEntry("if-range", TAG)
                    .containsKey("range");
            assertThat(notes).isNotEmpty();
        }
    }

    @Test
    void anotherCallContinuesWhatAnEarlierOneLeft() throws IOException {
        try (FileServer broken = new FileServer((request, out) -> FileServer.file(request, out, FILE, 5000, TAG))) {
            assertThatThrownBy(() -> fetch(broken))
                    .isInstanceOf(HieraException.class)
                    .hasMessageContaining("run the same command again to continue");
        }
        assertThat(home.resolve("weights/nano.pth")).doesNotExist();
        try (FileServer server =
                new FileServer((request, out) -> FileServer.file(request, out, FILE, FILE.length, TAG))) {
            assertThat(fetch(server)).hasBinaryContent(FILE);
            assertThat(server.requests()).hasSize(1);
            assertThat(server.requests().get(0).offset()).isEqualTo(5000);
        }
    }

    @Test
    void aFileThatChangedMeanwhileBeginsAnew() throws IOException {
        byte[] other = FILE.clone();
        try (FileServer broken =
                new FileServer((request, out) -> FileServer.file(request, out, FILE, 5000, "\"old\""))) {
            assertThatThrownBy(() -> fetch(broken)).isInstanceOf(HieraException.class);
        }
        try (FileServer server =
                new FileServer((request, out) -> FileServer.file(request, out, other, FILE.length, TAG))) {
            assertThat(fetch(server)).hasBinaryContent(other);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void aServerThatDoesNotKnowRangesSendsAllAgain() throws IOException {
        int[] calls = {0};
        try (FileServer server = new FileServer((request, out) -> {
            FileServer.head(out, "200 OK", "Content-Length: " + FILE.length, "ETag: " + TAG);
            out.write(FILE, 0, calls[0]++ == 0 ? 7000 : FILE.length);
        })) {
            assertThat(fetch(server)).hasBinaryContent(FILE);
        }
    }

    @Test
    void aRangeThatBeginsElsewhereIsNotTaken() throws IOException {
        try (FileServer server = new FileServer((request, out) -> {
            if (request.offset() == 0) {
                FileServer.file(request, out, FILE, notes.isEmpty() ? 4000 : FILE.length, TAG);
            } else {
                FileServer.head(
                        out,
                        "206 Partial Content",
                        "Content-Length: 100",
                        "Content-Range: bytes 17-116/" + FILE.length,
                        "ETag: " + TAG);
                out.write(FILE, 17, 100);
            }
        })) {
            assertThat(fetch(server)).hasBinaryContent(FILE);
        }
    }

    @Test
    void redirectsToHttpAddressesAreFollowed() throws IOException {
        try (FileServer server = new FileServer((request, out) -> {
            if (request.path().equals("/nano.pth")) {
                FileServer.head(out, "302 Found", "Location: /elsewhere/x", "Content-Length: 0");
            } else {
                FileServer.file(request, out, FILE, FILE.length, TAG);
            }
        })) {
            assertThat(fetch(server)).hasBinaryContent(FILE);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///etc/passwd",
                "ftp://127.0.0.1/x",
                "jar:http://127.0.0.1/x!/y",
                "mailto:a@b",
                "http:///x",
                "::"
            })
    void redirectsToAnythingElseAreRefused(String location) throws IOException {
        try (FileServer server = new FileServer((request, out) ->
                FileServer.head(out, "301 Moved Permanently", "Location: " + location, "Content-Length: 0"))) {
            assertThatThrownBy(() -> fetch(server))
                    .isInstanceOf(HieraException.class)
                    .hasMessageContaining("redirects to");
            assertOnly();
        }
    }

    @Test
    void redirectsInACircleEnd() throws IOException {
        try (FileServer server = new FileServer((request, out) ->
                FileServer.head(out, "307 Temporary Redirect", "Location: /again", "Content-Length: 0"))) {
            assertThatThrownBy(() -> fetch(server)).hasMessageContaining("redirects more than 8 times");
            assertThat(server.requests()).hasSizeLessThan(12);
        }
    }

    @Test
    void aLengthThatIsTooSmallLeavesNoFile() throws IOException {
        try (FileServer server = new FileServer((request, out) -> {
            FileServer.head(out, "200 OK", "Content-Length: " + (FILE.length - 1000));
            out.write(FILE);
        })) {
            assertThatThrownBy(() -> fetch(server))
                    .isInstanceOf(HieraException.class)
                    .hasMessageContaining("more than the bytes that it announced");
            assertOnly();
        }
    }

    @Test
    void aLengthThatIsTooLargeIsToldAfterSomeAttempts() throws IOException {
        try (FileServer server = new FileServer((request, out) -> {
            FileServer.head(out, "200 OK", "Content-Length: " + (FILE.length + 1000));
            out.write(FILE);
        })) {
            assertThatThrownBy(() -> fetch(server))
                    .isInstanceOf(HieraException.class)
                    .hasMessageContaining("of " + (FILE.length + 1000) + " bytes");
            assertThat(home.resolve("weights/nano.pth")).doesNotExist();
        }
    }

    @Test
    void aFileBeyondAllSizesIsRefusedBeforeItArrives() throws IOException {
        try (FileServer server =
                new FileServer((request, out) -> FileServer.head(out, "200 OK", "Content-Length: 99999999999"))) {
            assertThatThrownBy(() -> fetch(server)).hasMessageContaining("99999999999 bytes are more than");
        }
    }

    @Test
    void aServerThatFallsSilentIsGivenUp() throws IOException {
        try (FileServer server = new FileServer((request, out) -> {
            FileServer.file(request, out, FILE, 100, TAG);
            out.flush();
            Thread.sleep(600);
        })) {
            long started = System.nanoTime();
            assertThatThrownBy(() -> fetch(server)).isInstanceOf(HieraException.class);
            assertThat((System.nanoTime() - started) / 1e9).isLessThan(8);
        }
    }

    @Test
    void aSlowServerIsWaitedFor() throws IOException {
        try (FileServer server = new FileServer((request, out) -> {
            FileServer.head(out, "200 OK", "Content-Length: " + FILE.length, "ETag: " + TAG);
            for (int at = 0; at < FILE.length; at += FILE.length / 10) {
                out.write(FILE, at, Math.min(FILE.length / 10, FILE.length - at));
                out.flush();
                Thread.sleep(60);
            }
        })) {
            assertThat(fetch(server)).hasBinaryContent(FILE);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"404 Not Found", "403 Forbidden", "503 Service Unavailable", "418 I'm a teapot"})
    void anotherAnswerIsToldByItsStatus(String status) throws IOException {
        try (FileServer server = new FileServer((request, out) -> FileServer.head(out, status, "Content-Length: 0"))) {
            assertThatThrownBy(() -> fetch(server))
                    .isInstanceOf(status.startsWith("404") ? MissingFileException.class : HieraException.class)
                    .hasMessageContaining("HTTP " + status.substring(0, 3));
        }
    }

    @Test
    void aWebPageInPlaceOfTheFileIsRefusedAndNotKept() throws IOException {
        byte[] page = "<html>please log in</html>".repeat(50).getBytes(StandardCharsets.UTF_8);
        try (FileServer server =
                new FileServer((request, out) -> FileServer.file(request, out, page, page.length, TAG))) {
            assertThatThrownBy(() -> fetch(server)).hasMessageContaining("web page");
            assertOnly();
        }
    }

    @Test
    void oneWrongBitIsFound() throws IOException {
        byte[] damaged = FILE.clone();
        damaged[FILE.length / 2] ^= 1;
        try (FileServer server =
                new FileServer((request, out) -> FileServer.file(request, out, damaged, FILE.length, TAG))) {
            assertThatThrownBy(() -> fetch(server))
                    .isInstanceOf(HieraException.class)
                    .hasMessageContaining("checksum");
            assertOnly();
        }
    }

    @Test
    void aDigestThatIsExpectedIsCompared() throws IOException {
        try (FileServer server =
                new FileServer((request, out) -> FileServer.file(request, out, FILE, FILE.length, TAG))) {
            WeightFetcher fetcher = fetcher(server).expecting("0".repeat(64));
            assertThatThrownBy(() -> fetcher.fetch(weights(), listener)).hasMessageContaining("SHA-256");
            assertOnly();
        }
        assertThatThrownBy(() -> new WeightFetcher(new ModelHome(home)).expecting("abc"))
                .hasMessageContaining("64 hexadecimal digits");
    }

    @Test
    void anUnreachableServerIsOneLine() throws IOException {
        String address;
        try (FileServer server = new FileServer((request, out) -> {})) {
            address = server.address();
        }
        assertThatThrownBy(() -> fetcher(address).fetch(weights(), listener))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining(address);
    }

    @Test
    void theNameOfPublishedWeightsSaysHowToGetThem() throws IOException {
        ModelHome empty = new ModelHome(home);
        assertThatThrownBy(() -> empty.resolve(Path.of("hiera_base_224")))
                .isInstanceOf(MissingFileException.class)
                .hasMessageContaining("hiera fetch hiera_base_224");
        assertThatThrownBy(() -> empty.resolve(Path.of("other")))
                .isInstanceOf(MissingFileException.class)
                .hasMessageStartingWith("other: no such file")
                .hasMessageContaining("hiera models");
        Path file = Files.createFile(home.resolve("other.pth"));
        assertThat(empty.resolve(file)).isEqualTo(file);
    }

    @Test
    void everyPublishedModelHasAnAddressALicenceAndANameOfItsOwn() {
        List<PublishedWeights> all = PublishedWeights.all();
        assertThat(all).hasSize(24).extracting(PublishedWeights::name).doesNotHaveDuplicates();
        assertThat(PublishedWeights.named("mae_hiera_huge_16x224").address())
                .isEqualTo("https://dl.fbaipublicfiles.com/hiera/mae_hiera_huge_16x224.pth");
        assertThat(PublishedWeights.named("hiera_base_plus_224").hubRepository())
                .isEqualTo("facebook/hiera_base_plus_224.mae_in1k_ft_in1k");
        assertThat(PublishedWeights.named("sam2.1_hiera_large").licence()).isEqualTo(Licence.APACHE_2_0);
    }

    private Path fetch(FileServer server) {
        return fetcher(server).fetch(weights(), listener);
    }

    private WeightFetcher fetcher(FileServer server) {
        return fetcher(server.address());
    }

    private WeightFetcher fetcher(String address) {
        return new WeightFetcher(
                new ModelHome(home),
                Optional.of(address),
                Optional.empty(),
                new HttpConnections(Duration.ofSeconds(5), Duration.ofMillis(400)),
                Duration.ofMillis(1));
    }

    private static PublishedWeights weights() {
        return new PublishedWeights(
                "nano",
                "",
                "http://127.0.0.1/",
                "nano.pth",
                "",
                Licence.APACHE_2_0,
                Optional.empty(),
                Optional.empty());
    }

    /** No partial file, no file of another name. */
    private void assertOnly(String... names) throws IOException {
        try (Stream<Path> files = Files.list(home.resolve("weights"))) {
            assertThat(files.map(file -> String.valueOf(file.getFileName())).filter(name -> !name.endsWith(".lock")))
                    .containsExactlyInAnyOrder(names);
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
