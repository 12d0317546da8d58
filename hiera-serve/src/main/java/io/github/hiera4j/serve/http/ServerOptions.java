package io.github.hiera4j.serve.http;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.serve.request.ServerLimits;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where a server listens, who may use it, and how much it takes on. Immutable. */
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
     * Begins with port 8080 on this machine only, without a token or an access log.
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
     * The port; 0: any that is free.
     *
     * @return this builder
     */
    public int port() {
        return port;
    }

    /** {@return the file with the token that clients must send; empty: none is needed} */
    public Optional<Path> tokenFile() {
        return Optional.ofNullable(tokenFile);
    }

    /**
     * Whether other machines may use the server without a token.
     *
     * @return this builder
     */
    public boolean withoutToken() {
        return withoutToken;
    }

    /** {@return threads that decode uploads} */
    public int workers() {
        return workers;
    }

    /** {@return the limits} */
    public ServerLimits limits() {
        return limits;
    }

    /** Where a line for each request goes; null: nowhere. */
    @Nullable
    PrintWriter accessLog() {
        return accessLog;
    }

    /**
     * Takes messages for the person who runs the server, such as that a model was loaded again.
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
         * {@return this builder} Sets the address to listen at.
         *
         * @param name the name
         */
        public Builder host(String name) {
            host = name;
            return this;
        }

        /**
         * 0: any port that is free.
         *
         * @param number 0 to 65535; 0: any port that is free
         * @return this builder
         */
        public Builder port(int number) {
            port = number;
            return this;
        }

        /**
         * {@return a file of one line: what clients must send as {@code Authorization: Bearer TOKEN}}
         *
         * @param file the file
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
         * {@return threads that decode uploads, 1 to 256}
         *
         * @param count threads, 1 or more
         */
        public Builder workers(int count) {
            workers = count;
            return this;
        }

        /**
         * {@return this builder} Sets the limits.
         *
         * @param other sizes, times and numbers of requests
         */
        public Builder limits(ServerLimits other) {
            limits = other;
            return this;
        }

        /**
         * {@return this builder} Writes a line per request.
         *
         * @param out where a line per request goes
         */
        public Builder accessLog(PrintWriter out) {
            accessLog = out;
            return this;
        }

        /**
         * Takes messages for the person who runs the server, such as that a model was loaded again.
         *
         * @param taker gets one line each
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
