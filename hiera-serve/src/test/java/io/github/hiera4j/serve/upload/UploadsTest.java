package io.github.hiera4j.serve.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.serve.request.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bodies are parsed according to the standard, whatever their content. */
class UploadsTest {
    private static final String TYPE = "multipart/form-data; boundary=\"x-y\"";

    private static Uploads parse(String body) {
        return Uploads.of(body.getBytes(StandardCharsets.ISO_8859_1), TYPE, Map.of(), 3);
    }

    private static String file(String name, String content) {
        return "--x-y\r\nContent-Disposition: form-data; name=\"f\"; filename=\"" + name + "\"\r\n\r\n" + content
                + "\r\n";
    }

    @Test
    void filesKeepTheirBytesAndFieldsBecomeParameters() {
        String content = "\r\n--x-\r\n-\r\r\n--x-z";
        Uploads uploads = parse("preamble\r\n" + file("a \\\"b\\\".png", content)
                + "--x-y\r\ncontent-disposition: form-data; name=top\r\n\r\n3\r\n--x-y--\r\nepilogue");
        assertThat(uploads.files()).hasSize(1);
        assertThat(uploads.files().get(0).name()).isEqualTo("a \"b\".png");
        assertThat(uploads.files().get(0).content())
                .asString(StandardCharsets.ISO_8859_1)
                .isEqualTo(content);
        assertThat(uploads.parameters()).containsEntry("top", List.of("3"));
    }

    @Test
    void namesLoseDirectoriesAndControlCharacters() {
        assertThat(parse(file("../../etc/passwd", "x") + "--x-y--")
                        .files()
                        .get(0)
                        .name())
                .isEqualTo("passwd");
        assertThat(Uploads.safeName("C:\\a\\b\u001b[2J.png")).isEqualTo("b?[2J.png");
        assertThat(Uploads.safeName("a/")).isEqualTo("file");
    }

    @Test
    void anEmptyFileIsAFile() {
        assertThat(parse(file("a", "") + "--x-y--").files().get(0).content()).isEmpty();
    }

    @Test
    void damagedFormsAreRefused() {
        for (String body : List.of(
                "",
                "nothing",
                "--x-y",
                "--x-y\r\n",
                "--x-yz\r\n",
                file("a", "x"),
                "--x-y\r\nno end of headers",
                "--x-y\r\nContent-Type: text/plain\r\n\r\nx\r\n--x-y--",
                "--x-y--")) {
            assertThatThrownBy(() -> parse(body)).as(body).isInstanceOf(Refusal.class);
        }
        String four = file("a", "1") + file("b", "2") + file("c", "3") + file("d", "4") + "--x-y--";
        assertThatThrownBy(() -> parse(four)).isInstanceOf(Refusal.class).hasMessageContaining("3 files");
    }

    @Test
    void whateverBytesComeNothingButARefusalIsThrown() {
        Random random = new Random(5);
        String sound = file("a", "content") + "--x-y\r\nContent-Disposition: form-data; name=b\r\n\r\nc\r\n--x-y--\r\n";
        for (int round = 0; round < 5000; round++) {
            StringBuilder body = new StringBuilder(sound);
            for (int change = 0; change <= random.nextInt(4); change++) {
                int at = random.nextInt(body.length());
                switch (random.nextInt(3)) {
                    case 0 -> body.setCharAt(at, (char) random.nextInt(256));
                    case 1 -> body.delete(at, Math.min(body.length(), at + random.nextInt(9)));
                    default -> body.insert(at, sound, 0, random.nextInt(sound.length()));
                }
                if (body.isEmpty()) {
                    body.append(' ');
                }
            }
            try {
                parse(body.toString());
            } catch (Refusal expected) {
                assertThat(expected.status()).isBetween(400, 499);
            }
        }
    }
}
