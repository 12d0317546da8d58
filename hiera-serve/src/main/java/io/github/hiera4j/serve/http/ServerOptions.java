package io.github.hiera4j.serve.http;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.serve.request.ServerLimits;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Options of a server: address, access and limits. Immutable. */
public final class ServerOptions {
    private final String host;
    private final int port;
    private final @Nullable Path tokenFile;
    private final boolean withoutToken;
    private final int workers;
    private final ServerLimits limits;
    private final @Nullable PrintWriter accessLog;
    private final Consumer<String> messages;

    private ServerOptions(Builder builder) {
        host = builder.host;
        port = builder.port;
        tokenFile = builder.tokenFile;
        withoutToken = builder.withoutToken;
        workers = builder.workers;
        limits = builder.limits;
        accessLog = builder.accessLog;
        messages = builder.messages;
        check(port >= 0 && port <= 65535, "a port must be 0 to 65535, got %d", port);
        check(workers >= 1 && workers <= 256, "workers must be 1 to 256, got %d", workers);
    }

    /**
     * Creates a builder for port 8080, reachable only from this machine, without a token or an access log.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return the name or address of the interface to listen on} */
    public String host() {
        return host;
    }

    /**
     * The port; 0: any free port.
     *
     * @return the port
     */
    public int port() {
        return port;
    }

    /** {@return the file with the token that clients must send; empty: none is needed} */
    public Optional<Path> tokenFile() {
        return Optional.ofNullable(tokenFile);
    }

    /**
     * Returns whether other machines may use the server without a token.
     *
     * @return true if no token is required
     */
    public boolean withoutToken() {
        return withoutToken;
    }

    /** {@return the number of threads that decode uploads} */
    public int workers() {
        return workers;
    }

    /** {@return the limits} */
    public ServerLimits limits() {
        return limits;
    }

    /** Receives a line for each request; null: no access log. */
    @Nullable
    PrintWriter accessLog() {
        return accessLog;
    }

    /**
     * Returns the receiver of messages for the operator of the server, such as that a model was reloaded.
     *
     * @return the receiver
     */
    public Consumer<String> messages() {
        return messages;
    }

    /** Collects options; every method returns this builder. */
    public static final class Builder {
        private String host = "127.0.0.1";
        private int port = 8080;
        private @Nullable Path tokenFile;
        private boolean withoutToken;
        private int workers = Math.min(256, Runtime.getRuntime().availableProcessors());
        private ServerLimits limits = ServerLimits.DEFAULT;
        private @Nullable PrintWriter accessLog;
        private Consumer<String> messages = line -> {};

        private Builder() {}

        /**
         * Sets the interface to listen on.
         *
         * @param name a name or address of this machine
         * @return this builder
         */
        public Builder host(String name) {
            host = name;
            return this;
        }

        /**
         * Sets the port.
         *
         * @param number 0 to 65535; 0: any free port
         * @return this builder
         */
        public Builder port(int number) {
            port = number;
            return this;
        }

        /**
         * Requires a token, which clients send as {@code Authorization: Bearer TOKEN}.
         *
         * @param file a file with the token on one line
         * @return this builder
         */
        public Builder tokenFile(Path file) {
            tokenFile = file;
            return this;
        }

        /**
         * Serves other machines without a token: anyone on the network can use the server.
         *
         * @return this builder
         */
        public Builder withoutToken() {
            withoutToken = true;
            return this;
        }

        /**
         * Sets the number of threads that decode uploads.
         *
         * @param count threads, 1 to 256
         * @return this builder
         */
        public Builder workers(int count) {
            workers = count;
            return this;
        }

        /**
         * Sets the limits.
         *
         * @param other sizes, times and numbers of requests
         * @return this builder
         */
        public Builder limits(ServerLimits other) {
            limits = other;
            return this;
        }

        /**
         * Writes a line per request.
         *
         * @param out receives the lines
         * @return this builder
         */
        public Builder accessLog(PrintWriter out) {
            accessLog = out;
            return this;
        }

        /**
         * Sets the receiver of messages for the operator of the server, such as that a model was reloaded.
         *
         * @param taker receives one line per message
         * @return this builder
         */
        public Builder messages(Consumer<String> taker) {
            messages = taker;
            return this;
        }

        /** {@return the options} */
        public ServerOptions build() {
            return new ServerOptions(this);
        }
    }
}
