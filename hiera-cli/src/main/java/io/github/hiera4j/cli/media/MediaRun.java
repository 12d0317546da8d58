package io.github.hiera4j.cli.media;

import static io.github.hiera4j.cli.options.WrongCallException.checkCall;

import io.github.hiera4j.api.LoadOptions;
import io.github.hiera4j.api.MediaInput;
import io.github.hiera4j.api.MediaResult;
import io.github.hiera4j.cli.files.InputFiles;
import io.github.hiera4j.cli.terminal.Output;
import io.github.hiera4j.cli.terminal.Progress;
import io.github.hiera4j.media.MediaKind;
import io.github.hiera4j.model.network.HieraConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** One run of a media command: passes the files in order to the model for their kind, and reports and counts failures. */
final class MediaRun<M extends AutoCloseable> implements AutoCloseable {
    private final MediaOptions options;
    private final Output output;
    private final Function<M, HieraConfig> config;
    private final List<M> models = new ArrayList<>();
    private final EarlyLoading loading;
    private int failures;
    private boolean noted;
    private boolean opensTars;

    /** Computes results for a run of files with one model. */
    @FunctionalInterface
    interface Task<M, T> {
        Stream<MediaResult<T>> start(M model, Stream<MediaInput> files);
    }

    /** Loads a model for a command. */
    @FunctionalInterface
    interface Loader<M> {
        M load(Path weights, LoadOptions options);
    }

    /** Replaces tar files by the images and videos that they contain. */
    MediaRun<M> openingTars() {
        opensTars = true;
        return this;
    }

    /** @param notes messages for the user about how a model was loaded */
    MediaRun(
            MediaOptions options,
            Output output,
            Loader<M> loader,
            Function<M, HieraConfig> config,
            Function<M, List<String>> notes) {
        this.config = config;
        this.options = options;
        this.output = output;
        checkCall(options.weights.size() <= 2, "expected one or two --weights, got %d", options.weights.size());
        loading = EarlyLoading.start(options.load.engine, options.files);
        try {
            options.weights.forEach(path -> models.add(loader.load(path, options.load.loadOptions())));
            boolean oneEach = models.size() < 2
                    || config.apply(models.get(0)).isVideo()
                            != config.apply(models.get(1)).isVideo();
            models.forEach(model -> notes.apply(model).forEach(output::note));
            checkCall(oneEach, "two --weights must be an image model and a video model, got two of a kind");
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    /** Processes every file and passes successful results on in order; returns the exit code. */
    <T> int run(Task<M, T> task, BiConsumer<M, MediaResult<T>> print) {
        return run(task, print, Set.of());
    }

    /**
     * Processes every file except those that are done already.
     *
     * @param done the names of finished files
     */
    <T> int run(Task<M, T> task, BiConsumer<M, MediaResult<T>> print, Set<String> done) {
        InputFiles inputs = new InputFiles(this::fail);
        try (Stream<Path> files = inputs.expand(options.files);
                MediaItems items = new MediaItems(files.iterator(), opensTars, this::fail);
                Progress progress = Progress.start(options.files)) {
            Lookahead paths = new Lookahead(items, done);
            while (paths.peek() != null && !stopped()) {
                M model = modelFor(Objects.requireNonNull(paths.peek()));
                try (Stream<MediaResult<T>> results = task.start(model, paths.whileServedBy(model))) {
                    Iterator<MediaResult<T>> iterator = results.iterator();
                    while (!stopped() && iterator.hasNext()) {
                        MediaResult<T> result = iterator.next();
                        progress.clear();
                        result.warnings().forEach(warning -> output.note("warning: " + warning));
                        result.failure().ifPresent(failure -> fail(failure.getMessage()));
                        if (result.value().isPresent()) {
                            print.accept(model, result);
                        }
                        progress.step();
                    }
                }
            }
        }
        return failures == 0 ? 0 : 1;
    }

    private boolean stopped() {
        return options.failFast && failures > 0;
    }

    private void fail(String message) {
        failures++;
        output.note(message);
    }

    /** Returns the model for a file's kind, or the only model; a file that cannot be recognised fails in any model. */
    private M modelFor(MediaItems.Item file) {
        if (models.size() == 1) {
            noteOtherKind(file, models.get(0));
            return models.get(0);
        }
        boolean video = file.kind().get().equals(Optional.of(MediaKind.VIDEO));
        return models.stream()
                .filter(model -> config.apply(model).isVideo() == video)
                .findFirst()
                .orElseThrow();
    }

    /** Explains once how a model treats files of the other kind. */
    private void noteOtherKind(MediaItems.Item file, M model) {
        if (noted) {
            return;
        }
        boolean videoModel = config.apply(model).isVideo();
        Optional<MediaKind> kind = file.kind().get();
        if (kind.isPresent() && (kind.get() == MediaKind.VIDEO) != videoModel) {
            noted = true;
            output.note(
                    videoModel
                            ? "warning: " + file.input()
                                    + " is an image, but the model is for videos: it is treated as a still clip;"
                                    + " for images, pass an image model as a second --weights"
                            : "warning: " + file.input()
                                    + " is a video, but the model is for images: results are averaged over single frames;"
                                    + " for videos, pass a video model as a second --weights");
        }
    }

    List<M> models() {
        return models;
    }

    @Override
    public void close() {
        loading.close();
        for (M model : models) {
            try {
                model.close();
            } catch (Exception failure) { // a model's close declares none
                throw new IllegalStateException(failure);
            }
        }
    }

    /** The files, split into sequences for the same model. */
    private final class Lookahead {
        private final Iterator<MediaItems.Item> files;
        private final Set<String> done;
        private MediaItems.@Nullable Item next;

        Lookahead(Iterator<MediaItems.Item> files, Set<String> done) {
            this.files = files;
            this.done = done;
        }

        MediaItems.@Nullable Item peek() {
            while (next == null && files.hasNext()) {
                MediaItems.Item file = files.next();
                next = done.contains(file.input().name()) ? null : file;
            }
            return next;
        }

        Stream<MediaInput> whileServedBy(M model) {
            Iterator<MediaInput> served = new Iterator<>() {
                @Override
                public boolean hasNext() {
                    MediaItems.Item file = peek();
                    return file != null && modelFor(file) == model;
                }

                @Override
                public MediaInput next() {
                    MediaItems.Item file = Objects.requireNonNull(peek());
                    next = null;
                    return file.input();
                }
            };
            Iterable<MediaInput> iterable = () -> served;
            return StreamSupport.stream(iterable.spliterator(), false);
        }
    }
}
