package io.github.hiera4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that archives classes for a faster start, run with a fake Java that writes some bytes and exits as a test requires. */
class ClassArchiveTest {
    @TempDir
    Path directory;

    private Path distribution;
    private Path archive;

    /** The output of a script, and its exit code. */
    private record Ended(int exitCode, String output) {}

    @BeforeEach
    void prepareADistribution() throws IOException {
        Path scripts = Path.of("..", "hiera-dist", "src", "bin");
        Assumptions.assumeTrue(
                Files.exists(Path.of("/bin/bash")) && Files.exists(scripts), "the scripts need bash and a checkout");
        distribution = Files.createDirectory(directory.resolve("with space")).toRealPath();
        archive = distribution.resolve("hiera.jsa");
        Path bin = Files.createDirectory(distribution.resolve("bin"));
        for (String name : List.of("hiera", "hiera-archive", "hiera-jars.sh", "hiera-settings.sh")) {
            Files.copy(scripts.resolve(name), bin.resolve(name));
            assertThat(bin.resolve(name).toFile().setExecutable(true)).isTrue();
        }
        Path lib = Files.createDirectory(distribution.resolve("lib"));
        Files.createFile(lib.resolve("b.jar"));
        Files.createFile(lib.resolve("a.jar"));
    }

    /** Runs a script with a fake Java that prints its arguments, lists classes or writes an archive, and exits with the given code. */
    private Ended run(String script, int exitCodeOfJava) throws IOException, InterruptedException {
        Path java = Files.createDirectories(directory.resolve("jdk/bin")).resolve("java");
        Files.writeString(java, """
                #!/bin/bash
                dumps=no
                for argument in "$@"; do
                  echo "$argument" >&2
                  case $argument in
                    -XX:DumpLoadedClassList=*) echo names > "${argument#*=}"; exit 0 ;;
                    -XX:SharedClassListFile=*) dumps=$(< "${argument#*=}") ;;
                    -XX:SharedArchiveFile=*) if [ $dumps = names ]; then echo classes > "${argument#*=}"; fi ;;
                  esac
                done
                exit EXIT_CODE
                """.replace("EXIT_CODE", String.valueOf(exitCodeOfJava)));
        assertThat(java.toFile().setExecutable(true)).isTrue();
        ProcessBuilder builder =
                new ProcessBuilder(distribution.resolve("bin").resolve(script).toString()).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", directory.resolve("jdk").toString());
        builder.environment().remove("HIERA_CLASS_ARCHIVE");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }

    @Test
    void classesAreStoredBesideTheProgramsAndUsedFromThenOn() throws IOException, InterruptedException {
        assertThat(run("hiera", 0).output()).doesNotContain("SharedArchiveFile");
        assertThat(run("hiera-archive", 0)).isEqualTo(new Ended(0, archive + "\n"));
        assertThat(archive).hasContent("classes");
        assertThat(run("hiera", 0).output())
                .contains("-XX:SharedArchiveFile=" + archive + "\n")
                .contains(distribution + "/lib/a.jar:" + distribution + "/lib/b.jar\n");
    }

    @Test
    void aJavaThatFailsLeavesNoHalfArchive() throws IOException, InterruptedException {
        Ended ended = run("hiera-archive", 3);
        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.output())
                .endsWith("hiera-archive: Java could not store the classes; the hiera command works without them\n");
        try (Stream<Path> files = Files.list(distribution)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("bin", "lib");
        }
    }
}
