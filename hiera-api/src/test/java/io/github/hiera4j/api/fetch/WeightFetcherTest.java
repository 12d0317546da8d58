package io.github.hiera4j.api.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.MissingFileException;
import io.github.hiera4j.model.zoo.Licence;
import io.github.hiera4j.model.zoo.ModelHome;
import io.github.hiera4j.model.zoo.PublishedWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Downloads that end with the whole file, and the list of published weights. */
class WeightFetcherTest extends FetchFixture {
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
}
