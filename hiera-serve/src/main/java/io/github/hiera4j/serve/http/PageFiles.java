package io.github.hiera4j.serve.http;

import io.github.hiera4j.model.Version;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** The page and the description of the interface: files of this module, held in memory. */
final class PageFiles {
    private static final String DIRECTORY = "/io/github/hiera4j/serve/";

    private PageFiles() {}

    static List<Route> routes() {
        byte[] description = new String(read("openapi.json"), StandardCharsets.UTF_8)
                .replace("{version}", Version.NAME)
                .getBytes(StandardCharsets.UTF_8);
        return List.of(
                file("/", "page/index.html", "text/html; charset=utf-8"),
                file("/page.css", "page/page.css", "text/css; charset=utf-8"),
                file("/page.js", "page/page.js", "text/javascript; charset=utf-8"),
                file("/media.js", "page/media.js", "text/javascript; charset=utf-8"),
                file("/panels.js", "page/panels.js", "text/javascript; charset=utf-8"),
                file("/icon.svg", "page/icon.svg", "image/svg+xml"),
                Route.open("/openapi.json", call -> call.bytes("application/json", description)));
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
