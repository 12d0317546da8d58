package io.github.hiera4j.serve.model;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.media.image.ImageReader;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.serve.request.Refusal;
import io.github.hiera4j.serve.schedule.Arrivals;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The models by name. A file that changes is reloaded once it is unchanged between two checks; requests in progress keep the
 * model they started with. Thread-safe.
 */
public final class Models implements AutoCloseable {
    /** Interval between checks of the files. */
    public static final Duration LOOK = Duration.ofSeconds(2);

    /** One pixel. */
    private static final String SMALLEST_PNG =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg" + "gg==";

    private final ServeSettings settings;
    private final Arrivals arrivals = new Arrivals();
    private final ModelListener listener;
    private final Map<String, Slot> slots = new LinkedHashMap<>();
    private final ScheduledExecutorService watcher = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "hiera-serve-watcher");
        thread.setDaemon(true);
        return thread;
    });

    /** A name and the model that it currently refers to. */
    private static final class Slot {
        final ModelFile file;
        volatile ServedModel current;
        String loaded;
        String seen;

        Slot(ModelFile file, String fingerprint, ServedModel model) {
            this.file = file;
            this.current = model;
            this.loaded = fingerprint;
            this.seen = fingerprint;
        }
    }

    /** A model that stays open until the lease ends. */
    public static final class Lease implements AutoCloseable {
        private final ServedModel model;
        private boolean ended;

        private Lease(ServedModel model) {
            this.model = model;
        }

        /** {@return the model; valid while the lease is held} */
        public ServedModel model() {
            return model;
        }

        /** Ends the lease; a second call does nothing. */
        @Override
        public void close() {
            synchronized (this) {
                if (ended) {
                    return;
                }
                ended = true;
            }
            model.leave();
        }
    }

    /**
     * Loads all models, and checks for changed files from then on.
     *
     * @param files names and weight files of the models
     * @param settings settings for loading and batching models
     * @param listener receives events about loads and batches
     * @param look interval between checks of the files
     * @throws HieraException if a file cannot be loaded, or two have the same name
     */
    public Models(List<ModelFile> files, ServeSettings settings, ModelListener listener, Duration look) {
        this.settings = settings;
        this.listener = listener;
        ImageReader.read(Base64.getDecoder().decode(SMALLEST_PNG), "warm-up"); // loads the native library
        check(!files.isEmpty(), "expected one model or more, got none");
        try {
            for (ModelFile file : files) {
                check(
                        !slots.containsKey(file.name()),
                        "two models are called %s: give them names with NAME=PATH",
                        file.name());
                String fingerprint = ModelFile.fingerprint(file.path());
                ServedModel model = load(file);
                String known = Files.exists(file.path()) ? fingerprint : ModelFile.fingerprint(model.source());
                slots.put(file.name(), new Slot(file, known, model));
            }
        } catch (RuntimeException | Error failure) {
            close();
            throw failure;
        }
        ScheduledFuture<?> unused =
                watcher.scheduleWithFixedDelay(this::look, look.toMillis(), look.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** {@return the files that are being decoded for the models} */
    public Arrivals arrivals() {
        return arrivals;
    }

    private ServedModel load(ModelFile file) {
        ServedModel model = ServedModel.load(file, settings, listener.batches(file.name()), arrivals);
        model.notes().forEach(note -> listener.noted(file.name(), note));
        return model;
    }

    private void look() {
        slots.values().forEach(this::look);
    }

    private void look(Slot slot) {
        Path path = Files.exists(slot.file.path()) ? slot.file.path() : slot.current.source();
        String now = ModelFile.fingerprint(path);
        boolean settled = now.equals(slot.seen);
        slot.seen = now;
        if (now.isEmpty() || !settled || now.equals(slot.loaded)) {
            return; // deleted, still being written, or already handled
        }
        slot.loaded = now; // a file that cannot be loaded is not tried again until it changes
        try {
            ServedModel fresh = load(slot.file);
            ServedModel old = slot.current;
            slot.current = fresh;
            old.retire();
            listener.reloaded(slot.file.name());
        } catch (HieraException failure) {
            listener.reloadFailed(slot.file.name(), failure.getMessage());
        } catch (RuntimeException | Error failure) {
            listener.reloadFailed(slot.file.name(), failure.toString());
        }
    }

    /** {@return the current models, in the order in which they were given} */
    public List<ServedModel> all() {
        List<ServedModel> models = new ArrayList<>();
        slots.values().forEach(slot -> models.add(slot.current));
        return models;
    }

    /**
     * {@return a model by its name}
     *
     * @param name the name
     * @throws Refusal with 404 if there is none
     */
    public Lease lease(String name) {
        Slot slot = slots.get(name);
        if (slot == null) {
            throw Refusal.of(404, "there is no model '%s': there are %s", Printable.of(name), slots.keySet());
        }
        while (true) {
            ServedModel model = slot.current;
            if (model.enter()) {
                return new Lease(model);
            }
            if (model == slot.current) {
                throw Refusal.busy("the server is stopping");
            }
        }
    }

    /**
     * {@return a model for a task: the named one; otherwise one for the upload's kind; otherwise the first that supports the task}
     *
     * @param task the requested task
     * @param name the model that the request names; empty: the default
     * @param video whether the upload is a video
     * @throws Refusal with 404 if there is no such model, with 400 if the named one cannot do it
     */
    public Lease choose(Task task, Optional<String> name, boolean video) {
        if (name.isPresent()) {
            Lease lease = lease(name.get());
            if (!lease.model().tasks().contains(task)) {
                lease.close();
                throw Refusal.of(
                        400, "the model '%s' cannot %s; models that can: %s", name.get(), task.word(), able(task));
            }
            return lease;
        }
        String chosen = first(task, model -> model.isVideo() == video)
                .or(() -> first(task, model -> true))
                .orElseThrow(() -> Refusal.of(404, "no loaded model can %s", task.word()));
        return lease(chosen);
    }

    private Optional<String> first(Task task, Predicate<ServedModel> wanted) {
        return all().stream()
                .filter(model -> model.tasks().contains(task))
                .filter(wanted)
                .map(ServedModel::name)
                .findFirst();
    }

    private List<String> able(Task task) {
        return all().stream()
                .filter(model -> model.tasks().contains(task))
                .map(ServedModel::name)
                .toList();
    }

    /** Stops checking files and retires every model; open leases keep their models. */
    @Override
    public void close() {
        watcher.shutdown();
        slots.values().forEach(slot -> slot.current.retire());
    }
}
