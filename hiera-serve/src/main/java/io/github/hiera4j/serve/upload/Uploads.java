package io.github.hiera4j.serve.upload;

import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.serve.request.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The content of a request: its files, and parameters from the query and from form fields.
 *
 * @param files in the order in which they were sent, one or more
 * @param parameters the parameters by name
 */
public record Uploads(List<Upload> files, Map<String, List<String>> parameters) {

    /**
     * Parses a body: a multipart form, or for any other type the file itself.
     *
     * @param body the body of the request
     * @param contentType empty if there is none
     * @param query the query parameters
     * @param mostFiles largest number of files in a request
     * @return the files and parameters
     * @throws Refusal if the form is damaged, or there is no file
     */
    public static Uploads of(byte[] body, String contentType, Map<String, List<String>> query, int mostFiles) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        query.forEach((name, values) -> parameters.put(name, new ArrayList<>(values)));
        if (contentType.toLowerCase(Locale.ROOT).startsWith("application/x-www-form-urlencoded")) {
            throw Refusal.of(
                    415,
                    "send the file as the body with its own type, or as multipart/form-data (curl: -F or --data-binary"
                            + " with -H 'Content-Type: application/octet-stream')");
        }
        List<Upload> files = MultipartBody.boundary(contentType)
                .map(boundary -> {
                    MultipartBody form = MultipartBody.parse(body, boundary, mostFiles);
                    form.fields()
                            .forEach((name, values) -> parameters
                                    .computeIfAbsent(name, any -> new ArrayList<>())
                                    .addAll(values));
                    return form.files();
                })
                .orElseGet(() -> body.length == 0
                        ? List.of()
                        : List.of(new Upload(
                                safeName(parameters
                                        .getOrDefault("name", List.of("body"))
                                        .get(0)),
                                body)));
        parameters.remove("name");
        if (files.isEmpty()) {
            throw Refusal.of(400, "expected an image or video as the body or in a multipart form, got none");
        }
        return new Uploads(List.copyOf(files), parameters);
    }

    /** Returns a file name without directories and with printable characters only. */
    static String safeName(String given) {
        String last = given.substring(Math.max(given.lastIndexOf('/'), given.lastIndexOf('\\')) + 1);
        return last.isBlank() ? "file" : Printable.of(last);
    }
}
