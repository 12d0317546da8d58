package io.github.hiera4j.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.testing.TestFiles;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Builds the programs of docs/examples with a separate Maven from the artifacts that this build has published, and runs them. */
class PublishedProgramsTest {
    private static final Path PICTURE = TestFiles.resource("/media/portrait.png");
    private static final Path WEIGHTS = TestFiles.checkpoint("nano_official.pth");

    private static final Path DIRECTORY = Program.property("hiera.distribution").resolveSibling("published");

    private static Path examples;

    @BeforeAll
    static void buildTheExamples() throws IOException, InterruptedException {
        Program.requirePublished();
        deleteOwn();
        examples = DIRECTORY.resolve("examples");
        copy(Program.property("hiera.root").resolve("docs/examples"), examples);
        boolean windows = File.separatorChar == '\\';
        Path maven = Program.property("hiera.maven").resolve("bin").resolve(windows ? "mvn.cmd" : "mvn");
        Program build = Program.run(
                Map.of("JAVA_HOME", System.getProperty("java.home")),
                List.of(
                        maven.toString(),
                        "-q",
                        "-B",
                        "-ntp",
                        "-f",
                        examples.resolve("pom.xml").toString(),
                        "-Dmaven.repo.local=" + localRepository(),
                        "-Dhiera.version=" + System.getProperty("hiera.version"),
                        "-Dhiera.repository="
                                + Program.property("hiera.repository").toUri(),
                        "process-classes"));
        assertThat(build.exitCode()).as(build.output()).isZero();
    }

    /**
     * A separate local repository for the test: this project's artifacts are fetched into it again, all others are links to the
     * existing local repository.
     */
    private static Path localRepository() throws IOException {
        Path shared = Program.property("hiera.local.repository");
        Path own = Files.createDirectories(DIRECTORY.resolve("repository"));
        link(shared, own, "io");
        link(shared.resolve("io"), own.resolve("io"), "github");
        link(shared.resolve("io/github"), own.resolve("io/github"), "hiera4j");
        return own;
    }

    /** Deletes the files of an earlier run, but not the targets of its links. */
    private static void deleteOwn() throws IOException {
        if (Files.isDirectory(DIRECTORY)) {
            try (Stream<Path> files = Files.walk(DIRECTORY)) { // which does not follow links
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** Makes a directory with links to all entries of another one except the given entry. */
    private static void link(Path from, Path to, String except) throws IOException {
        Files.createDirectories(to);
        if (!Files.isDirectory(from)) {
            return;
        }
        try (Stream<Path> entries = Files.list(from)) {
            for (Path entry : entries.filter(Files::isDirectory).toList()) {
                if (!entry.getFileName().toString().equals(except)) {
                    Files.createSymbolicLink(to.resolve(entry.getFileName()), entry);
                }
            }
        }
    }

    /** Copies all files except those of an earlier build. */
    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String relative = from.relativize(file).toString();
                if (!relative.contains("target" + File.separator)) {
                    Path target = to.resolve(relative);
                    Files.createDirectories(target.getParent());
                    Files.copy(file, target);
                }
            }
        }
    }

    private static List<String> program(String example, String main, String... arguments) throws IOException {
        Path built = examples.resolve(example).resolve("target");
        String classPath = built.resolve("classes")
                + File.pathSeparator
                + Files.readString(built.resolve("class-path.txt")).strip();
        assertThat(classPath)
                .contains(DIRECTORY.resolve("repository/io/github/hiera4j").toString());
        List<String> command = new ArrayList<>(List.of(Program.java().toString(), "-Xmx512m", "-cp", classPath, main));
        command.addAll(List.of(arguments));
        return command;
    }

    @Test
    void aProgramClassifiesWithThePublishedArtifactsAlone() throws IOException, InterruptedException {
        Program run = Program.run(
                Map.of(),
                program(
                        "classify",
                        "com.example.ClassifyPhotos",
                        WEIGHTS.toString(),
                        PICTURE.toString(),
                        "missing.jpg",
                        PICTURE.toString()));
        assertThat(run.exitCode()).as(run.output()).isZero();
        List<String> lines =
                run.output().lines().filter(line -> line.contains("\t")).toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).isEqualTo(lines.get(2)).contains("\tclass ");
        assertThat(lines.get(1)).isEqualTo("missing.jpg\tfailed\tmissing.jpg: no such file");
    }

    @Test
    void aProgramTrainsWithAnObjectiveOfItsOwnAndExportsWeights() throws IOException, InterruptedException {
        Path out = DIRECTORY.resolve("distilled");
        Program run = Program.run(
                Map.of(),
                program("distill", "com.example.Distill", WEIGHTS.toString(), PICTURE.toString(), out.toString()));
        assertThat(run.exitCode()).as(run.output()).isZero();
        List<Double> losses = run.output()
                .lines()
                .filter(line -> line.startsWith("step "))
                .map(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .toList();
        assertThat(losses).hasSize(3).isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(losses.get(2)).isPositive().isLessThan(losses.get(0));
        Program classify = Program.run(
                Map.of(), program("classify", "com.example.ClassifyPhotos", out.toString(), PICTURE.toString()));
        assertThat(classify.exitCode()).as(classify.output()).isZero();
        assertThat(classify.output()).contains("\tclass ");
    }

    @Test
    void aServiceAnswersManyCallersAndEndsWhenItIsTold() throws Exception {
        Process service = new ProcessBuilder(program("service", "com.example.ServiceMain", WEIGHTS.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = service.inputReader(StandardCharsets.UTF_8)) {
            URI address = URI.create("http://localhost:" + output.readLine() + "/classify");
            HttpClient client = HttpClient.newHttpClient();
            byte[] picture = Files.readAllBytes(PICTURE);
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                answers.add(post(client, address, picture));
            }
            HttpResponse<String> first = answers.get(0).get(60, TimeUnit.SECONDS);
            assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
            assertThat(first.body().lines()).hasSize(5);
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                assertThat(answer.get(60, TimeUnit.SECONDS).body()).isEqualTo(first.body());
            }
            HttpResponse<String> refused = post(client, address, "no picture".getBytes(StandardCharsets.UTF_8))
                    .get(60, TimeUnit.SECONDS);
            assertThat(refused.statusCode()).isEqualTo(422);
            assertThat(refused.body()).startsWith("upload: neither an image nor a video");
            service.destroy();
            assertThat(service.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(service.exitValue()).isEqualTo(143); // ended by the signal, not by a crash
        } finally {
            service.destroyForcibly();
        }
    }

    @Test
    void aSpringBootServiceSharesOneModelBetweenItsCallersAndClosesIt() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path log = DIRECTORY.resolve("spring.log");
        Process service = new ProcessBuilder(program(
                        "spring",
                        "com.example.spring.SpringService",
                        "--hiera.weights=" + WEIGHTS,
                        "--server.port=" + port))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            URI address = URI.create("http://127.0.0.1:" + port + "/classify");
            HttpClient client = HttpClient.newHttpClient();
            awaitOpen(service, port, log);
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                answers.add(upload(client, address, Files.readAllBytes(PICTURE)));
            }
            HttpResponse<String> first = answers.get(0).get(60, TimeUnit.SECONDS);
            assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
            assertThat(first.body()).startsWith("[{\"index\":").contains("\"probability\":");
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                assertThat(answer.get(60, TimeUnit.SECONDS).body()).isEqualTo(first.body());
            }
            HttpResponse<String> refused = upload(client, address, "no picture".getBytes(StandardCharsets.UTF_8))
                    .get(60, TimeUnit.SECONDS);
            assertThat(refused.statusCode()).isEqualTo(422);
            assertThat(refused.body()).startsWith("upload: neither an image nor a video");
            service.destroy();
            assertThat(service.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(service.exitValue())
                    .as(Files.readString(log))
                    .isEqualTo(143); // ended by the signal, not by a crash
        } finally {
            service.destroyForcibly();
        }
    }

    private static void awaitOpen(Process service, int port, Path log) throws IOException, InterruptedException {
        for (int attempt = 0; attempt < 600; attempt++) {
            assertThat(service.isAlive()).as(Files.readString(log)).isTrue();
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertThat(socket.isConnected()).isTrue();
                return;
            } catch (ConnectException starting) {
                Thread.sleep(100);
            }
        }
        throw new AssertionError("does not answer on port " + port + ": " + Files.readString(log));
    }

    /** Sends a form with one file, as browsers and curl do. */
    private static CompletableFuture<HttpResponse<String>> upload(HttpClient client, URI address, byte[] content) {
        String boundary = "----part";
        byte[] head = ("--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"upload\"\r\n"
                        + "Content-Type: application/octet-stream\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] tail = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII);
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .POST(HttpRequest.BodyPublishers.ofByteArrays(List.of(head, content, tail)))
                .build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }

    private static CompletableFuture<HttpResponse<String>> post(HttpClient client, URI address, byte[] body) {
        HttpRequest request = HttpRequest.newBuilder(address)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }
}
