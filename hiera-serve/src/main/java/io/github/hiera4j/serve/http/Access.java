package io.github.hiera4j.serve.http;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.serve.request.Refusal;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Access control: if there is a token, requests must carry it. A local server also refuses requests from pages of other sites and with
 * foreign host names: otherwise a browser on the machine would send such requests, and DNS rebinding could read the responses.
 */
final class Access {
    private static final Set<String> LOCAL_NAMES = Set.of("localhost", "127.0.0.1", "[::1]", "::1");
    private static final int SHORTEST_TOKEN = 16;
    private static final int LONGEST_TOKEN = 4096;
    private static final String BEARER = "Bearer ";

    private final byte @Nullable [] tokenDigest;
    private final boolean loopback;

    private Access(byte @Nullable [] tokenDigest, boolean loopback) {
        this.tokenDigest = tokenDigest;
        this.loopback = loopback;
    }

    /**
     * Reads the token.
     *
     * @param tokenFile a file of one line; empty: no token is required
     * @param loopback whether the server is reachable only from this machine
     */
    static Access of(Optional<Path> tokenFile, boolean loopback) {
        return new Access(tokenFile.map(file -> digest(readToken(file))).orElse(null), loopback);
    }

    private static String readToken(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            String token = new String(in.readNBytes(LONGEST_TOKEN + 1), StandardCharsets.UTF_8).strip();
            check(
                    token.matches("[!-~]{" + SHORTEST_TOKEN + "," + LONGEST_TOKEN + "}"),
                    "%s: expected one line with a token of %d to %d printable ASCII characters without spaces",
                    file,
                    SHORTEST_TOKEN,
                    LONGEST_TOKEN);
            return token;
        } catch (IOException fault) {
            throw FileFault.unreadable(file, fault);
        }
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * Refuses a request without permission.
     *
     * @param open whether the route needs no token
     */
    void require(Context request, boolean open) {
        if (loopback) {
            checkHost(request);
        }
        checkOrigin(request);
        if (!open && tokenDigest != null && !hasToken(request, tokenDigest)) {
            throw Refusal.of(401, "this server requires a token: send 'Authorization: Bearer TOKEN'");
        }
    }

    /** Digests of equal length, compared in constant time, reveal nothing about the token. */
    private static boolean hasToken(Context request, byte[] expected) {
        String header = request.header("Authorization");
        return header != null
                && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
                && MessageDigest.isEqual(
                        digest(header.substring(BEARER.length()).strip()), expected);
    }

    private static void checkHost(Context request) {
        String host = request.header("Host");
        if (host != null && !LOCAL_NAMES.contains(withoutPort(host).toLowerCase(java.util.Locale.ROOT))) {
            throw Refusal.of(403, "this server only accepts requests to localhost");
        }
    }

    private static String withoutPort(String host) {
        return host.replaceFirst(":\\d{1,5}$", "");
    }

    /** Refuses requests that a page of another site has sent. */
    private static void checkOrigin(Context request) {
        String origin = request.header("Origin");
        String site = request.header("Sec-Fetch-Site");
        boolean foreign = site != null && (site.equals("cross-site") || site.equals("same-site"));
        if (foreign || (origin != null && !isOwn(origin, request.header("Host")))) {
            throw Refusal.of(403, "pages of other sites may not use this server");
        }
    }

    private static boolean isOwn(String origin, @Nullable String host) {
        try {
            return host != null && host.equalsIgnoreCase(URI.create(origin).getRawAuthority());
        } catch (IllegalArgumentException notAnAddress) {
            return false;
        }
    }
}
