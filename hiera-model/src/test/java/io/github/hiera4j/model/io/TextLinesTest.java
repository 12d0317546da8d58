package io.github.hiera4j.model.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextLinesTest {
    private static final TextLines.Limits LIMITS = new TextLines.Limits(1 << 20, 100_000);

    @TempDir
    Path directory;

    private Path file(String text, Charset charset) throws IOException {
        return Files.write(directory.resolve("lines.txt"), text.getBytes(charset));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void linesMayEndInAnyOfTheThreeWays(String end) throws IOException {
        Path file = file("a" + end + end + "ünï" + end + "d", StandardCharsets.UTF_8);
        assertThat(TextLines.read(file, LIMITS)).containsExactly("a", "", "ünï", "d");
    }

    @Test
    void aByteOrderMarkBelongsToNoLine() throws IOException {
        assertThat(TextLines.read(file("\ufeffc0\nc\ufeff1\n", StandardCharsets.UTF_8), LIMITS))
                .isEqualTo(List.of("c0", "c\ufeff1"));
        assertThat(TextLines.read(file("\ufeff", StandardCharsets.UTF_8), LIMITS))
                .isEmpty();
    }

    @Test
    void whatIsNotUtf8IsRefusedByName() throws IOException {
        refused(file("\ufeffa", StandardCharsets.UTF_16LE), "is UTF-16 text; save it as UTF-8");
        refused(file("\ufeffa", StandardCharsets.UTF_16BE), "is UTF-16 text; save it as UTF-8");
        refused(file("caf\u00e9", StandardCharsets.ISO_8859_1), "is not UTF-8 text");
        refused(directory, "expected a text file, got a directory");
        refused(directory.resolve("gone"), "gone: no such file");
    }

    @Test
    void limitsHoldForTheFileAndForALine() throws IOException {
        refused(file("\n" + "x".repeat(100_001), StandardCharsets.UTF_8), "line 2: has more than 100000 characters");
        refused(file("x\n".repeat(1 << 20), StandardCharsets.UTF_8), "has 2097152 bytes");
    }

    @Test
    void messagesHoldNoControlCharactersAndAreShort() {
        assertThat(Printable.of("a\u001b[31m\u202eb\u2028\ud800")).isEqualTo("a?[31m?b??");
        assertThat(Printable.of("x".repeat(1 << 20))).hasSize(121).endsWith("…");
        assertThat(Printable.message("first\u0007\nsecond")).isEqualTo("first?");
        assertThat(Printable.message("x".repeat(1 << 20))).hasSize(1501);
    }

    private static void refused(Path file, String message) {
        assertThatThrownBy(() -> TextLines.read(file, LIMITS))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining(message);
    }
}
