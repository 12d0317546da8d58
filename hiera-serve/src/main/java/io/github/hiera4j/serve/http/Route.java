package io.github.hiera4j.serve.http;

import io.javalin.http.HandlerType;

/**
 * One address of the server.
 *
 * @param path its pattern, with names in braces
 * @param open whether it needs no token
 * @param limited whether it counts among the requests that are under way
 * @param action what it does
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
