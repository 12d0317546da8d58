package io.github.hiera4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher script, in a checkout that looks built, with a fake Java that prints its arguments. */
class LauncherTest {
    @TempDir
    Path directory;

    private Path checkout;
    private Path java;

    @BeforeEach
    void prepareACheckout() throws IOException {
        Path script = Path.of("..", "hiera");
        Assumptions.assumeTrue(
                Files.exists(Path.of("/bin/bash")) && Files.exists(script), "the launcher needs bash and a checkout");
        checkout = Files.createDirectory(directory.resolve("checkout"));
        Files.copy(script, checkout.resolve("hiera"));
        Path settings = Files.createDirectories(checkout.resolve("hiera-dist/src/bin"));
        Files.copy(Path.of("../hiera-dist/src/bin/hiera-settings.sh"), settings.resolve("hiera-settings.sh"));
        Files.createFile(checkout.resolve("pom.xml"));
        Path sources = Files.createDirectories(checkout.resolve("hiera-cli/src/main"));
        Files.createFile(sources.resolveSibling("../pom.xml").normalize());
        Path target = Files.createDirectories(checkout.resolve("hiera-cli/target"));
        Files.writeString(target.resolve("dependencies.txt"), "libraries");
        Files.createFile(target.resolve("hiera-cli-1.jar"));
        Files.createFile(target.resolve("hiera.jsa"));
        Files.createFile(target.resolve("built"));
        java = Files.createDirectories(directory.resolve("jdk/bin")).resolve("java");
        Files.writeString(java, "#!/bin/bash\necho \"${LC_ALL:-}${LC_CTYPE:-}\"\nprintf '%s\\n' \"$@\"\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        assertThat(checkout.resolve("hiera").toFile().setExecutable(true)).isTrue();
    }

    private String run(Path command, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder().redirectErrorStream(true);
        builder.command().add(command.toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().put("JAVA_HOME", directory.resolve("jdk").toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    @Test
    void itWorksBehindSymbolicLinks() throws IOException, InterruptedException {
        Path bin = Files.createDirectory(directory.resolve("bin"));
        Path relative = Files.createSymbolicLink(bin.resolve("first"), Path.of("../checkout/hiera"));
        Path link = Files.createSymbolicLink(bin.resolve("hiera"), relative);

        assertThat(run(link, Map.of(), "models"))
                .contains(checkout.toRealPath() + "/hiera-cli/target/hiera-cli-1.jar:libraries")
                .endsWith("models\n");
    }

    @Test
    void storedClassesAreUsedWhereThereAreSomeAndWarningsStayOutOfTheResults()
            throws IOException, InterruptedException {
        String archive = checkout.toRealPath() + "/hiera-cli/target/hiera.jsa";
        assertThat(run(checkout.resolve("hiera"), Map.of(), "models"))
                .contains("-XX:SharedArchiveFile=" + archive + "\n", "-Xlog:all=warning:stderr\n");
        Files.delete(Path.of(archive));
        assertThat(run(checkout.resolve("hiera"), Map.of(), "models")).doesNotContain("SharedArchiveFile");
    }

    @Test
    void fileNamesAreUtf8UnderTheCLocale() throws IOException, InterruptedException {
        assertThat(run(checkout.resolve("hiera"), Map.of("LC_ALL", "C"), "models"))
                .startsWith("C.UTF-8\n");
    }

    @Test
    void aUtf8LocaleStaysAsItIs() throws IOException, InterruptedException {
        assertThat(run(checkout.resolve("hiera"), Map.of("LC_ALL", "C.UTF-8"), "models"))
                .startsWith("C.UTF-8");
    }
}
