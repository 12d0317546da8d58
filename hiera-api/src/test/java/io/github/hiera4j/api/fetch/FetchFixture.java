package io.github.hiera4j.api.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.testing.TestFiles;
import io.github.hiera4j.model.zoo.Licence;
import io.github.hiera4j.model.zoo.ModelHome;
import io.github.hiera4j.model.zoo.PublishedWeights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/** Fetches one small file from a server of the test into a temporary directory. */
abstract class FetchFixture {
    static final byte[] FILE = read(TestFiles.checkpoint("nano_official.pth"));
    static final String TAG = "\"abc\"";

    @TempDir
    Path home;

    final List<String> notes = new ArrayList<>();
    final TransferListener listener = new TransferListener() {
        @Override
        public void note(String message) {
            notes.add(message);
        }
    };

    final Path fetch(FileServer server) {
        return fetcher(server).fetch(weights(), listener);
    }

    final WeightFetcher fetcher(FileServer server) {
        return fetcher(server.address());
    }

    final WeightFetcher fetcher(String address) {
        return new WeightFetcher(
                new ModelHome(home),
                Optional.of(address),
                Optional.empty(),
                new HttpConnections(Duration.ofSeconds(5), Duration.ofMillis(400)),
                Duration.ofMillis(1));
    }

    static PublishedWeights weights() {
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

    /** Checks that the directory holds these files and no others, apart from locks. */
    final void assertOnly(String... names) throws IOException {
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
