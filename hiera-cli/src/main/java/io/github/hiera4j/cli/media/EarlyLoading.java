package io.github.hiera4j.cli.media;

import io.github.hiera4j.cli.options.EngineOptions;
import io.github.hiera4j.media.MediaFile;
import io.github.hiera4j.media.MediaKind;
import io.github.hiera4j.media.image.ImageReader;
import io.github.hiera4j.media.video.VideoReader;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.backend.Backends;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Loads the engine's library and the one that decodes the first file, each on a thread of its own, while the checkpoint is read. What
 * fails here fails again, and is reported, where it is needed.
 */
final class EarlyLoading implements AutoCloseable {
    private final List<Thread> threads;

    private EarlyLoading(List<Thread> threads) {
        this.threads = threads;
    }

    /**
     * Starts loading.
     *
     * @param engine which engine will run
     * @param files the files of the command, as they were given
     */
    static EarlyLoading start(EngineOptions engine, List<String> files) {
        List<Thread> threads = List.of(
                thread("engine", () -> loadEngine(engine)),
                thread("decoder", () -> files.stream().findFirst().ifPresent(EarlyLoading::loadDecoder)));
        threads.forEach(Thread::start);
        return new EarlyLoading(threads);
    }

    private static Thread thread(String what, Runnable work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (LinkageError | RuntimeException reportedLater) {
                        // whoever needs it fails alike, and says so
                    }
                },
                "hiera-loading-" + what);
        thread.setDaemon(true);
        return thread;
    }

    private static void loadEngine(EngineOptions engine) {
        engine.backendName().map(Backends::named).orElseGet(() -> Backends.preferred(engine.compileOptions()));
    }

    private static void loadDecoder(String file) {
        Path path = Path.of(file);
        if (Files.isRegularFile(path) && kind(path) == MediaKind.VIDEO) {
            VideoReader.loadDecoder();
        } else {
            ImageReader.loadDecoder();
        }
    }

    private static MediaKind kind(Path file) {
        try {
            return MediaFile.recognise(file).kind();
        } catch (HieraException unknown) {
            return MediaKind.IMAGE;
        }
    }

    /** Waits until nothing is being loaded: a process must not end while a library initialises itself. */
    @Override
    public void close() {
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException interrupt) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
