package io.github.hiera4j.media.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A Python process that measures one round on request. */
final class PythonPeer implements AutoCloseable {
    private final Process process;
    private final BufferedWriter requests;
    private final BufferedReader answers;

    PythonPeer(Path script) throws IOException {
        process = new ProcessBuilder(System.getProperty("python", "python3"), script.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        requests = process.outputWriter(StandardCharsets.UTF_8);
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Seconds per item. */
    double round(String kind, Path file, int count) throws IOException {
        requests.write(kind + "\t" + file + "\t" + count + "\n");
        requests.flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the Python peer has died: are Pillow, torchvision and PyAV installed?");
        }
        return Double.parseDouble(answer);
    }

    @Override
    public void close() throws IOException {
        requests.close();
        process.destroy();
    }
}
