package io.github.hiera4j.cli.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.testing.TestFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Valid input arguments, and the messages about invalid ones. */
class InputFilesTest {
    @TempDir
    Path directory;

    private final List<String> complaints = new ArrayList<>();
    private Path picture;

    @BeforeEach
    void drawAPicture() throws IOException {
        Files.createDirectories(directory.resolve("real/deep"));
        picture = Files.copy(TestFiles.resource("/media/portrait.png"), directory.resolve("real/deep/p.png"));
    }

    private List<Path> expand(Object... arguments) {
        List<String> texts = new ArrayList<>();
        for (Object argument : arguments) {
            texts.add(argument.toString());
        }
        return new InputFiles(complaints::add).expand(texts).toList();
    }

    private List<Path> list(byte[] standardInput) {
        List<Path> files = new ArrayList<>();
        new InputList(new ByteArrayInputStream(standardInput), complaints::add).forEachRemaining(files::add);
        return files;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aDirectoryBehindASymbolicLinkIsReadLikeAnyOther() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("real"));
        Path holder = Files.createDirectory(directory.resolve("holder"));
        Files.createSymbolicLink(holder.resolve("inner"), directory.resolve("real/deep"));

        assertThat(expand(link, holder)).containsExactly(link.resolve("deep/p.png"), holder.resolve("inner/p.png"));
        assertThat(complaints).isEmpty();
    }

    @Test
    void loopsOfLinksEnd() throws IOException {
        Files.createSymbolicLink(directory.resolve("real/deep/up"), directory);

        assertThat(expand(directory)).containsExactly(picture);
        assertThat(complaints).isEmpty();
    }

    @Test
    void aLinkToNothingIsReportedAndTheRestIsRead() throws IOException {
        Path dangling = Files.createSymbolicLink(directory.resolve("dangling"), Path.of("nowhere"));

        assertThat(expand(directory)).containsExactly(picture);
        assertThat(complaints).containsExactly(dangling + ": a dangling symbolic link");
    }

    @Test
    void aDirectoryThatMayNotBeReadIsReportedAndTheRestIsRead() throws IOException {
        Path closed = Files.createDirectory(directory.resolve("closed"));
        Files.setPosixFilePermissions(closed, Set.of());
        boolean isSuperuser = Files.isReadable(closed); // permissions do not restrict the superuser

        assertThat(expand(directory)).containsExactly(picture);
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        assertThat(complaints)
                .isEqualTo(isSuperuser ? List.of() : List.of(closed + ": cannot be searched: permission denied"));
    }

    /** This fails for every user, regardless of permissions, because the path is too long for the operating system. */
    @Test
    void aDirectoryThatCannotBeReadIsReportedAndTheRestIsRead() throws IOException, InterruptedException {
        Path deep = Files.createDirectory(directory.resolve("deep"));
        String name = "d".repeat(200);
        shell(deep, "for i in $(seq 25); do mkdir " + name + " && cd " + name + "; done");
        try {
            assertThat(expand(directory)).containsExactly(picture);
            assertThat(complaints).singleElement().asString().startsWith(deep + "/" + name);
            assertThat(complaints.get(0)).contains(": cannot be searched: ").hasLineCount(1);
        } finally {
            shell(directory, "rm -rf deep"); // Java cannot represent the path either
        }
    }

    private static void shell(Path in, String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("/bin/bash", "-c", command)
                .directory(in.toFile())
                .inheritIO()
                .start();
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void anEmptyNameIsRefused() {
        assertThat(expand("", picture)).containsExactly(picture);
        assertThat(complaints).singleElement().asString().startsWith("'': not a file name");
    }

    @Test
    void aBrokenGlobPatternIsReportedInOneLine() {
        assertThat(expand(directory + "/[")).isEmpty();
        assertThat(complaints).singleElement().asString().contains("neither a file nor a glob pattern");
    }

    @Test
    void aListMayBeginWithAByteOrderMarkAndHaveBlankLinesAndCarriageReturns() {
        assertThat(list(utf8("\ufeffa.png\r\n\n  \nü b.png"))).containsExactly(Path.of("a.png"), Path.of("ü b.png"));
        assertThat(complaints).isEmpty();
    }

    @Test
    void aNulByteEndsTheListWithOneLine() {
        assertThat(list(utf8("a.png\nb\0c\nd.png\n"))).containsExactly(Path.of("a.png"));
        assertThat(complaints)
                .containsExactly("line 2 of standard input contains a NUL byte; expected a file name on every line");
    }

    @Test
    void textThatIsNotUtf8AndEndlessLinesEndTheList() {
        assertThat(list(new byte[] {'a', (byte) 0xfc, '\n'})).isEmpty();
        assertThat(list(new byte[1 << 17])).isEmpty();
        assertThat(complaints).hasSize(2).first().asString().contains("is not UTF-8 text");
        assertThat(complaints.get(1)).contains("is longer than any file name");
    }

    @Test
    void aPictureInPlaceOfAListIsRecognised() throws IOException {
        assertThat(list(Files.readAllBytes(picture))).isEmpty();
        assertThat(complaints)
                .singleElement()
                .asString()
                .startsWith("standard input contains a file (PNG), expected a list of file names");
    }

    @Test
    void aNameThatBeginsLikeAFileFormatIsAName() {
        assertThat(list(utf8("GIF89a.png\n"))).containsExactly(Path.of("GIF89a.png"));
    }

    @Test
    void aLineIsGivenOutBeforeTheNextOneIsWritten() throws IOException {
        try (PipedOutputStream writer = new PipedOutputStream();
                InputStream reader = new PipedInputStream(writer)) {
            InputList list = new InputList(reader, complaints::add);
            writer.write(utf8("a.png\n"));
            writer.flush();
            assertThat(list.next()).isEqualTo(Path.of("a.png"));
            writer.write(utf8("b.png\n"));
            writer.flush();
            assertThat(list.next()).isEqualTo(Path.of("b.png"));
        }
    }
}
