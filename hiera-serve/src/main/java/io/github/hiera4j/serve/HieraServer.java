package io.github.hiera4j.serve;

import io.github.hiera4j.serve.http.HttpFront;
import io.github.hiera4j.serve.http.ServerMetrics;
import io.github.hiera4j.serve.http.ServerOptions;
import io.github.hiera4j.serve.model.ModelFile;
import io.github.hiera4j.serve.model.Models;
import io.github.hiera4j.serve.model.ServeSettings;
import java.time.Duration;
import java.util.List;

/**
 * Models behind HTTP: endpoints that take image and video files, the Open Inference Protocol, metrics, and a page.
 *
 * <pre>{@code
 * ServerOptions options = ServerOptions.builder().port(8080).build();
 * try (HieraServer server = HieraServer.start(
 *         List.of(ModelFile.parse("hiera_base_224.pth")), ServeSettings.DEFAULT, options)) {
 *     System.in.read();
 * }
 * }</pre>
 *
 * <p>Closing it finishes the requests that are under way.
 */
public final class HieraServer implements AutoCloseable {
    private final Models models;
    private final HttpFront front;

    private HieraServer(Models models, HttpFront front) {
        this.models = models;
        this.front = front;
    }

    /**
     * Loads the models and starts to listen.
     *
     * @param files names and weight files of the models
     * @param settings how models are loaded and batched
     * @param options address, limits and access
     * @return the server; close it to stop
     * @throws io.github.hiera4j.model.HieraException if a model cannot be loaded, or the address cannot be listened on
     */
    public static HieraServer start(List<ModelFile> files, ServeSettings settings, ServerOptions options) {
        return start(files, settings, options, Models.LOOK);
    }

    /**
     * Loads the models and starts to listen.
     *
     * @param files names and weight files of the models
     * @param settings how models are loaded and batched
     * @param options address, limits and access
     * @param look how often files are looked at for changes
     * @return the server; close it to stop
     * @throws io.github.hiera4j.model.HieraException if a model cannot be loaded, or the address cannot be listened on
     */
    public static HieraServer start(
            List<ModelFile> files, ServeSettings settings, ServerOptions options, Duration look) {
        ServerMetrics metrics = new ServerMetrics(options.messages());
        Models models = new Models(files, settings, metrics, look);
        try {
            return new HieraServer(models, new HttpFront(options, models, metrics));
        } catch (RuntimeException | Error failure) {
            models.close();
            throw failure;
        }
    }

    /** {@return the port that it listens on} */
    public int port() {
        return front.port();
    }

    /** Finishes what runs, refuses what comes, and frees the models. */
    @Override
    public void close() {
        front.close();
        models.close();
    }
}
