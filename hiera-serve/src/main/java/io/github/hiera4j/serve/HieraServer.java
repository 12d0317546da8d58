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
 * Serves models over HTTP: endpoints for image and video files, the Open Inference Protocol, metrics, and a web page.
 *
 * <pre>{@code
 * ServerOptions options = ServerOptions.builder().port(8080).build();
 * try (HieraServer server = HieraServer.start(
 *         List.of(ModelFile.parse("hiera_base_224.pth")), ServeSettings.DEFAULT, options)) {
 *     System.in.read();
 * }
 * }</pre>
 *
 * <p>Closing the server finishes the requests in progress.
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
     * @param settings settings for loading and batching models
     * @param options address, limits and access
     * @return the server; close it to stop
     * @throws io.github.hiera4j.model.HieraException if a model cannot be loaded, or the server cannot listen on the address
     */
    public static HieraServer start(List<ModelFile> files, ServeSettings settings, ServerOptions options) {
        return start(files, settings, options, Models.LOOK);
    }

    /**
     * Loads the models and starts to listen.
     *
     * @param files names and weight files of the models
     * @param settings settings for loading and batching models
     * @param options address, limits and access
     * @param look interval between checks of the files for changes
     * @return the server; close it to stop
     * @throws io.github.hiera4j.model.HieraException if a model cannot be loaded, or the server cannot listen on the address
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

    /** {@return the port on which the server listens} */
    public int port() {
        return front.port();
    }

    /** Finishes the requests in progress, refuses new ones, and frees the models. */
    @Override
    public void close() {
        front.close();
        models.close();
    }
}
