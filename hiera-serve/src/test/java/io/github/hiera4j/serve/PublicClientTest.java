package io.github.hiera4j.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.hiera4j.model.testing.TestFiles;
import io.github.hiera4j.serve.http.ServerOptions;
import io.github.hiera4j.serve.model.ModelFile;
import io.github.hiera4j.serve.model.ServeSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The public clients of the Open Inference Protocol work unmodified. HIERA_TEST_PYTHON names a Python interpreter that has them. */
@Tag("slow")
class PublicClientTest {
    @TempDir
    Path directory;

    private String run(String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "output", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        return process.exitValue() + " " + Files.readString(output);
    }

    private void works(String module, String install, String script) throws Exception {
        String python = Objects.requireNonNullElse(System.getenv("HIERA_TEST_PYTHON"), "python3");
        String probe;
        try {
            probe = run(python, "-c", "import " + module);
        } catch (IOException none) {
            probe = none.toString();
        }
        assumeTrue(
                probe.startsWith("0 "),
                "no " + module + ": pip install '" + install + "' and name that Python in HIERA_TEST_PYTHON");
        try (HieraServer server = HieraServer.start(
                List.of(new ModelFile("nano", TestFiles.checkpoint("nano_official.pth"))),
                ServeSettings.DEFAULT,
                ServerOptions.builder().port(0).build())) {
            String file = TestFiles.resource("/protocol/" + script).toString();
            assertThat(run(python, file, "127.0.0.1:" + server.port(), "nano"))
                    .isEqualToIgnoringNewLines("0 the public client works\n");
        }
    }

    @Test
    void tritonclientUsesTheServer() throws Exception {
        works("tritonclient.http", "tritonclient[http]", "public_client.py");
    }

    @Test
    void theClientOfKserveUsesTheServer() throws Exception {
        works("kserve", "kserve", "kserve_client.py");
    }
}
