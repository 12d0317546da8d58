package io.github.hiera4j.serve.http;

import io.github.hiera4j.model.Version;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The web page and the description of the API: resource files of this module, held in memory. */
final class PageFiles {
    private static final String DIRECTORY = "/io/github/hiera4j/serve/";

    private static final List<String> SCRIPTS = List.of(
            "page.js",
            "media.js",
            "panels.js",
            "pictures.js",
            "segment.js",
            "detect.js",
            "reconstruct.js",
            "attention.js",
            "features.js");

    private PageFiles() {}

    static List<Route> routes() {
        byte[] description = new String(read("openapi.json"), StandardCharsets.UTF_8)
                .replace("{version}", Version.NAME)
                .getBytes(StandardCharsets.UTF_8);
        List<Route> routes = new ArrayList<>();
        routes.add(file("/", "page/index.html", "text/html; charset=utf-8"));
        routes.add(file("/page.css", "page/page.css", "text/css; charset=utf-8"));
        for (String script : SCRIPTS) {
            routes.add(file("/" + script, "page/" + script, "text/javascript; charset=utf-8"));
        }
        routes.add(file("/icon.svg", "page/icon.svg", "image/svg+xml"));
        routes.add(Route.open("/openapi.json", call -> call.bytes("application/json", description)));
        return routes;
    }

    private static Route file(String path, String name, String type) {
        byte[] content = read(name);
        return Route.open(path, call -> call.bytes(type, content));
    }

    private static byte[] read(String name) {
        try (InputStream in = Objects.requireNonNull(PageFiles.class.getResourceAsStream(DIRECTORY + name), name)) {
            return in.readAllBytes();
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }
}
