package io.github.hiera4j.cli.media;

import io.github.hiera4j.cli.options.EngineOptions;
import io.github.hiera4j.media.MediaFile;
import io.github.hiera4j.media.MediaKind;
import io.github.hiera4j.media.image.ImageReader;
import io.github.hiera4j.media.video.VideoReader;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.backend.Backends;
import io.github.hiera4j.model.backend.ThreadEnd;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Loads the engine's library and the decoder for the first file in separate threads while the checkpoint is read. Failures are ignored
 * here: the first use fails in the same way and reports the error.
 */
final class EarlyLoading implements AutoCloseable {
    private final List<Thread> threads;

    private EarlyLoading(List<Thread> threads) {
        this.threads = threads;
    }

    /**
     * Starts loading.
     *
     * @param engine selects the engine to load
     * @param files the file arguments of the command
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
                        // the first use fails in the same way and reports the error
                    }
                },
                "hiera-loading-" + what);
        thread.setDaemon(true);
        return thread;
    }

    private static void loadEngine(EngineOptions engine) {
        if (engine.backendName().isPresent()) {
            Backends.named(engine.backendName().get());
        } else {
            Backends.preferred(engine.compileOptions());
        }
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

    /** Waits until loading has finished: a process must not exit while a library initialises itself. */
    @Override
    public void close() {
        ThreadEnd.await(threads);
    }
}
