package io.github.hiera4j.serve.http;

import io.javalin.http.HandlerType;

/**
 * One route of the server.
 *
 * @param path the path pattern, with names in braces
 * @param open whether the route needs no token
 * @param limited whether it counts towards the limit of requests in progress
 * @param action the handler
 */
record Route(HandlerType method, String path, boolean open, boolean limited, Action action) {

    /** Answers a request. */
    @FunctionalInterface
    interface Action {
        void answer(Call call);
    }

    static Route open(String path, Action action) {
        return new Route(HandlerType.GET, path, true, false, action);
    }

    static Route get(String path, Action action) {
        return new Route(HandlerType.GET, path, false, false, action);
    }

    static Route post(String path, Action action) {
        return new Route(HandlerType.POST, path, false, true, action);
    }
}
