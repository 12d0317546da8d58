package io.github.hiera4j.serve.upload;

import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.serve.request.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A body of type {@code multipart/form-data} (RFC 7578), parsed in one pass: files, and fields of short text.
 *
 * @param files the parts with a file name
 * @param fields the other parts, by name
 */
record MultipartBody(List<Upload> files, Map<String, List<String>> fields) {
    private static final int LONGEST_HEADERS = 4096;
    private static final int LONGEST_FIELD = 4096;
    private static final int MOST_FIELDS = 100;

    /** Returns the boundary in a content type; empty if it is not a multipart form. */
    static Optional<String> boundary(String contentType) {
        if (!contentType.toLowerCase(Locale.ROOT).startsWith("multipart/form-data")) {
            return Optional.empty();
        }
        String boundary = parameter(contentType, "boundary").orElse("");
        if (!boundary.matches("[ -~]{1,70}")) {
            throw Refusal.of(400, "multipart/form-data needs a boundary of 1 to 70 characters");
        }
        return Optional.of(boundary);
    }

    static MultipartBody parse(byte[] body, String boundary, int mostFiles) {
        return new Parser(body, boundary, mostFiles).parse();
    }

    /** Returns a parameter of a header value, quoted or not. */
    private static Optional<String> parameter(String header, String name) {
        String lower = header.toLowerCase(Locale.ROOT);
        int at = 0;
        while (true) {
            at = lower.indexOf(name + "=", at);
            if (at < 0) {
                return Optional.empty();
            }
            if (at > 0 && (header.charAt(at - 1) == ';' || header.charAt(at - 1) == ' ')) {
                return Optional.of(value(header.substring(at + name.length() + 1)));
            }
            at++;
        }
    }

    private static String value(String text) {
        if (!text.startsWith("\"")) {
            int end = text.indexOf(';');
            return (end < 0 ? text : text.substring(0, end)).strip();
        }
        StringBuilder value = new StringBuilder();
        for (int i = 1; i < text.length() && text.charAt(i) != '"'; i++) {
            boolean escaped =
                    text.charAt(i) == '\\' && i + 1 < text.length() && "\"\\".indexOf(text.charAt(i + 1)) >= 0;
            i = escaped ? i + 1 : i;
            value.append(text.charAt(i));
        }
        return value.toString();
    }

    /** Iterates over the parts. */
    private static final class Parser {
        private final byte[] body;
        private final byte[] delimiter;
        private final int mostFiles;
        private final List<Upload> files = new ArrayList<>();
        private final Map<String, List<String>> fields = new LinkedHashMap<>();
        private int fieldCount;

        Parser(byte[] body, String boundary, int mostFiles) {
            this.body = body;
            this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
            this.mostFiles = mostFiles;
        }

        MultipartBody parse() {
            int at = afterFirstDelimiter();
            while (!startsWith(at, '-', '-')) {
                if (!startsWith(at, '\r', '\n')) {
                    throw broken("a boundary is not followed by a line break");
                }
                int headers = at + 2;
                int headersEnd = endOfHeaders(headers);
                int content = headersEnd + 4;
                int end = find(delimiter, content - 2); // the line break after empty headers may begin the delimiter
                if (end < 0) {
                    throw broken("the last part is not terminated");
                }
                part(text(headers, headersEnd), Math.min(content, end), end);
                at = end + delimiter.length;
            }
            return new MultipartBody(files, fields);
        }

        /** The first delimiter needs no line break before it. */
        private int afterFirstDelimiter() {
            byte[] first = Arrays.copyOfRange(delimiter, 2, delimiter.length);
            if (body.length >= first.length && Arrays.equals(body, 0, first.length, first, 0, first.length)) {
                return first.length;
            }
            int at = find(delimiter, 0);
            if (at < 0) {
                throw broken("its boundary does not occur");
            }
            return at + delimiter.length;
        }

        private int endOfHeaders(int from) {
            int most = Math.min(body.length - 3, from + LONGEST_HEADERS);
            for (int i = from; i < most; i++) {
                if (startsWith(i, '\r', '\n') && startsWith(i + 2, '\r', '\n')) {
                    return i;
                }
            }
            throw broken("the headers of a part are not terminated");
        }

        private void part(String headers, int from, int to) {
            String disposition = headers.lines()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-disposition:"))
                    .findFirst()
                    .orElseThrow(() -> broken("a part has no Content-Disposition"));
            Optional<String> fileName = parameter(disposition, "filename");
            if (fileName.isPresent()) {
                if (files.size() >= mostFiles) {
                    throw Refusal.of(413, "a request may have %d files", mostFiles);
                }
                files.add(new Upload(Uploads.safeName(fileName.get()), Arrays.copyOfRange(body, from, to)));
                return;
            }
            String name = parameter(disposition, "name").orElseThrow(() -> broken("a part has no name"));
            if (to - from > LONGEST_FIELD || ++fieldCount > MOST_FIELDS) {
                throw Refusal.of(
                        413,
                        "a form may have %d fields of up to %d bytes; a file needs a filename",
                        MOST_FIELDS,
                        LONGEST_FIELD);
            }
            fields.computeIfAbsent(Printable.of(name), any -> new ArrayList<>()).add(text(from, to));
        }

        private String text(int from, int to) {
            return new String(body, from, to - from, StandardCharsets.UTF_8);
        }

        private boolean startsWith(int at, char first, char second) {
            return at >= 0 && at + 1 < body.length && body[at] == first && body[at + 1] == second;
        }

        /** Linear, because the delimiter starts with a carriage return and contains no other. */
        private int find(byte[] wanted, int from) {
            for (int i = Math.max(0, from); i <= body.length - wanted.length; i++) {
                if (body[i] == wanted[0] && Arrays.equals(body, i, i + wanted.length, wanted, 0, wanted.length)) {
                    return i;
                }
            }
            return -1;
        }

        private static Refusal broken(String why) {
            return Refusal.of(400, "the multipart form is damaged: %s", why);
        }
    }
}
