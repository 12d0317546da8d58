package io.github.hiera4j.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.testing.TestFiles;
import io.github.hiera4j.serve.answer.Answers;
import io.github.hiera4j.serve.model.ModelFile;
import io.github.hiera4j.serve.model.ModelListener;
import io.github.hiera4j.serve.model.Models;
import io.github.hiera4j.serve.model.ServeSettings;
import io.github.hiera4j.serve.request.ServerLimits;
import io.github.hiera4j.serve.schedule.Workers;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The document at /openapi.json describes the server completely and nothing else. */
class OpenApiTest {
    /** The files of the page. */
    private static final Set<String> PAGE = Set.of(
            "GET /page.css",
            "GET /page.js",
            "GET /media.js",
            "GET /panels.js",
            "GET /pictures.js",
            "GET /segment.js",
            "GET /detect.js",
            "GET /reconstruct.js",
            "GET /attention.js",
            "GET /features.js",
            "GET /icon.svg");

    private static JsonNode document() throws IOException {
        try (InputStream in = Objects.requireNonNull(
                OpenApiTest.class.getResourceAsStream("/io/github/hiera4j/serve/openapi.json"))) {
            return JsonMapper.shared().readTree(in);
        }
    }

    @Test
    void everyRouteIsDescribedAndEveryDescriptionIsARoute() throws IOException {
        Set<String> described = new TreeSet<>();
        document()
                .get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .propertyNames()
                        .forEach(method -> described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        try (Workers workers = new Workers(1, 1);
                Models models = new Models(
                        List.of(new ModelFile("nano", TestFiles.checkpoint("nano_official.pth"))),
                        ServeSettings.DEFAULT,
                        ModelListener.NONE,
                        Models.LOOK)) {
            Set<String> routes = new Routes(
                            models,
                            ServerLimits.DEFAULT,
                            new Answers(models, ServerLimits.DEFAULT, workers),
                            () -> "",
                            () -> true)
                    .all().stream()
                            .map(route -> route.method() + " " + route.path())
                            .collect(Collectors.toCollection(TreeSet::new));
            routes.removeAll(PAGE);
            assertThat(described).isEqualTo(routes);
        }
    }

    @Test
    void everyReferenceLeadsSomewhere() throws IOException {
        JsonNode document = document();
        List<String> references = document.findValuesAsString("$ref");
        assertThat(references).isNotEmpty();
        for (String reference : references) {
            assertThat(document.at(reference.substring(1)).isMissingNode())
                    .as(reference)
                    .isFalse();
        }
    }
}
