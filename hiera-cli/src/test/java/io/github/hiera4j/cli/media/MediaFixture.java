package io.github.hiera4j.cli.media;

import io.github.hiera4j.model.testing.TestFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A directory with a picture, a video and a text file. */
abstract class MediaFixture {
    static final Path IMAGE_MODEL = TestFiles.checkpoint("nano_official.pth");
    static final Path VIDEO_MODEL = TestFiles.checkpoint("nano_video_official.pth");

    @TempDir
    Path directory;

    Path picture;
    Path film;

    @BeforeEach
    void fillTheDirectory() throws IOException {
        picture = Files.copy(TestFiles.resource("/media/portrait.png"), directory.resolve("a picture, 1.png"));
        film = Files.copy(TestFiles.resource("/media/short_7f.mp4"), directory.resolve("film.mp4"));
        Files.writeString(directory.resolve("notes.txt"), "not a picture");
    }

    static JsonNode json(String line) {
        return JsonMapper.shared().readTree(line);
    }
}
