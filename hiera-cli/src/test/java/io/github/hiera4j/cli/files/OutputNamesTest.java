package io.github.hiera4j.cli.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class OutputNamesTest {
    private final OutputNames names = new OutputNames();

    private String of(String path) {
        return names.of(Path.of(path), ".npy");
    }

    @Test
    void pathsThatFlattenToOneNameStayApart() {
        assertThat(of("a/b.jpg")).isEqualTo("a_b.jpg.npy");
        assertThat(of("a_b.jpg")).isEqualTo("a_b.jpg-2.npy");
        assertThat(of("x.jpg")).isEqualTo("x.jpg.npy");
        assertThat(of("../x.jpg")).isEqualTo("x.jpg-2.npy");
        assertThat(of("X.jpg")).isEqualTo("X.jpg-3.npy");
    }

    @Test
    void oneFileKeepsItsName() {
        assertThat(of("a/b.jpg")).isEqualTo(of("./a/../a/b.jpg"));
    }

    @Test
    void longPathsAreShortenedAndStayApart() {
        String deep = "ü".repeat(100) + "/" + "d".repeat(100);

        String first = of(deep + "/1.jpg");
        String second = of(deep + "/2.jpg");

        assertThat(first).endsWith("_1.jpg.npy").isNotEqualTo(second);
        assertThat(first.getBytes(StandardCharsets.UTF_8).length).isLessThan(200);
    }
}
