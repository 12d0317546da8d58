package io.github.hiera4j.api.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.MissingFileException;
import io.github.hiera4j.model.zoo.ModelHome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Downloads that fail: the message says why, and no wrong file is kept. */
class FetchFailuresTest extends FetchFixture {
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
}
