package io.github.hiera4j.cli.media;

import io.github.hiera4j.cli.options.EngineOptions;
import io.github.hiera4j.media.MediaFile;
import io.github.hiera4j.media.MediaKind;
import io.github.hiera4j.media.image.ImageReader;
import io.github.hiera4j.media.video.VideoReader;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.backend.Backends;
import io.github.hiera4j.model.backend.ThreadEnd;
import io.github.hiera4j.model.io.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Loads the engine's library and the decoder for the first file in separate threads while the command line is parsed and the checkpoint is
 * read. Failures are ignored here: the first use fails in the same way and reports the error.
 */
public final class EarlyLoading implements AutoCloseable {
    private static final Set<String> COMMANDS = Set.of("classify", "embed", "features");

    /** Prefixes of arguments that prevent early loading: the engine is known only after parsing, or no model runs. */
    private static final List<String> UNUSUAL =
            List.of("--backend", "--dtype", "--device", "--help", "-h", "--version", "-V", "@");

    private final List<Thread> threads;

    private EarlyLoading(List<Thread> threads) {
        this.threads = threads;
    }

    /**
     * Starts loading what most calls of the media commands need before the command line is parsed. Loads nothing for other commands.
     *
     * @param arguments the command-line arguments
     * @return a handle to close before the process ends
     */
    public static EarlyLoading beforeParsing(String... arguments) {
        List<String> words = List.of(arguments);
        boolean loads = words.size() > 1
                && COMMANDS.contains(words.get(0))
                && words.stream().anyMatch(word -> word.startsWith("-w") || word.startsWith("--weights"))
                && words.stream().noneMatch(word -> UNUSUAL.stream().anyMatch(word::startsWith));
        if (!loads) {
            return new EarlyLoading(List.of());
        }
        return started(thread("engine", () -> loadEngine(new EngineOptions())), thread("decoder", () -> {
            Json.load();
            if (!words.get(1).startsWith("-")) {
                loadDecoder(words.get(1));
            }
        }));
    }

    /**
     * Starts loading. Libraries that are already being loaded are not loaded again; {@link #close} waits for them.
     *
     * @param engine selects the engine to load
     * @param files the file arguments of the command
     */
    static EarlyLoading start(EngineOptions engine, List<String> files) {
        return started(
                thread("engine", () -> loadEngine(engine)),
                thread("decoder", () -> files.stream().findFirst().ifPresent(EarlyLoading::loadDecoder)));
    }

    private static EarlyLoading started(Thread... threads) {
        for (Thread thread : threads) {
            thread.start();
        }
        return new EarlyLoading(List.of(threads));
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
