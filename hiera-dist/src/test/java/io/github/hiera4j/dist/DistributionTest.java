package io.github.hiera4j.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.hiera4j.model.testing.TestFiles;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The distribution's directory runs with Java and a few shell tools: no Maven, no sources, no network. */
class DistributionTest {
    private static final Path DISTRIBUTION = Program.property("hiera.distribution");
    private static final List<String> TOOLS = List.of("bash", "env", "dirname", "readlink", "mktemp", "mv", "rm");

    @TempDir
    Path directory;

    @BeforeEach
    void requireAShell() {
        assumeTrue(File.separatorChar == '/', "the launcher for Windows needs Windows");
    }

    private Program hiera(Path launcher, String... arguments) throws IOException, InterruptedException {
        return hiera(Map.of(), launcher, arguments);
    }

    private Program hiera(Map<String, String> variables, Path launcher, String... arguments)
            throws IOException, InterruptedException {
        Path tools = Files.createDirectories(directory.resolve("tools"));
        for (String tool : TOOLS) {
            Path script = tools.resolve(tool);
            Files.writeString(script, "#!" + find("bash") + "\nexec " + find(tool) + " \"$@\"\n");
            assertThat(script.toFile().setExecutable(true)).isTrue();
        }
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(Arrays.asList(arguments));
        Map<String, String> environment = new HashMap<>(variables);
        environment.put("PATH", tools.toString());
        environment.put("HOME", directory.toString());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        return Program.run(environment, command);
    }

    private static Path find(String tool) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .map(entry -> Path.of(entry, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theCommandClassifiesAndPrintsNothingElse() throws IOException, InterruptedException {
        Path picture = Files.copy(TestFiles.resource("/media/portrait.png"), directory.resolve("portrait.png"));
        Program run = hiera(
                DISTRIBUTION.resolve("bin/hiera"),
                "classify",
                picture.toString(),
                "--json",
                "--weights",
                TestFiles.checkpoint("nano_official.pth").toString());
        assertThat(run.exitCode()).as(run.output()).isZero();
        assertThat(run.output()).startsWith("{\"file\":").hasLineCount(1); // and no warning of the JVM
    }

    @Test
    @Tag("slow")
    void storedClassesChangeTheTimeAndNothingElse() throws IOException, InterruptedException {
        Path archive = directory.resolve("classes.jsa");
        Map<String, String> stored = Map.of("HIERA_CLASS_ARCHIVE", archive.toString());
        Program made = hiera(stored, DISTRIBUTION.resolve("bin/hiera-archive"));
        assertThat(made.exitCode()).as(made.output()).isZero();
        assertThat(made.output()).isEqualTo(archive + "\n");
        assertThat(archive).isNotEmptyFile();
        Path picture = Files.copy(TestFiles.resource("/media/portrait.png"), directory.resolve("portrait.png"));
        String[] arguments = {
            "classify",
            picture.toString(),
            "--json",
            "--weights",
            TestFiles.checkpoint("nano_official.pth").toString()
        };
        Program with = hiera(stored, DISTRIBUTION.resolve("bin/hiera"), arguments);
        Program without = hiera(DISTRIBUTION.resolve("bin/hiera"), arguments);
        assertThat(with.exitCode()).as(with.output()).isZero();
        assertThat(withoutTime(with)).isEqualTo(withoutTime(without));
    }

    private static String withoutTime(Program run) {
        return run.output().replaceAll("\"milliseconds\":[0-9.]+", "");
    }

    @Test
    void storedClassesThatCannotBeWrittenAreRefusedInOneLine() throws IOException, InterruptedException {
        Path archive = directory.resolve("missing").resolve("classes.jsa");
        Program run =
                hiera(Map.of("HIERA_CLASS_ARCHIVE", archive.toString()), DISTRIBUTION.resolve("bin/hiera-archive"));
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.output())
                .isEqualTo("hiera-archive: " + archive
                        + " cannot be written: set HIERA_CLASS_ARCHIVE to a writable file\n");
    }

    @Test
    void theCommandKnowsItsVersionAndMayBeLinkedTo() throws IOException, InterruptedException {
        Path link = Files.createSymbolicLink(directory.resolve("hiera"), DISTRIBUTION.resolve("bin/hiera"));
        Program run = hiera(link, "--version");
        assertThat(run.output()).isEqualTo("hiera " + System.getProperty("hiera.version") + "\n");
    }

    @Test
    void everyBackendOfTheArchiveWorks() throws IOException, InterruptedException {
        Program run = hiera(DISTRIBUTION.resolve("bin/hiera"), "doctor");
        assertThat(run.exitCode()).as(run.output()).isZero();
        assertThat(run.output()).contains("onednn", "torch", "reference");
    }

    @Test
    void licencesLieBesideTheLibraries() throws IOException {
        for (String file : List.of("LICENSE", "NOTICE", "THIRD-PARTY.md", "licenses/LGPL-3.0.txt", "bin/hiera.cmd")) {
            assertThat(DISTRIBUTION.resolve(file)).isNotEmptyFile();
        }
    }

    @Test
    @Tag("slow")
    void everyLibraryInTheArchiveIsListedWithItsLicence() throws IOException {
        String notices = Files.readString(DISTRIBUTION.resolve("THIRD-PARTY.md"));
        try (Stream<Path> jars = Files.list(DISTRIBUTION.resolve("lib"))) {
            for (Path jar : jars.toList()) {
                String name = jar.getFileName().toString();
                String library = name.startsWith("hiera") ? "Hiera4j" : name.replaceAll("-\\d.*", "");
                assertThat(notices)
                        .as(name)
                        .containsIgnoringCase(
                                library.replaceAll("^jackson-.*", "jackson").replaceAll("^jline-.*", "jline"));
            }
        }
    }
}
