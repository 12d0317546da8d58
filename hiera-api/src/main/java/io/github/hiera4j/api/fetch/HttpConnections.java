package io.github.hiera4j.api.fetch;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.Version;
import io.github.hiera4j.model.io.Printable;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLConnection;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * Opens connections through the JVM's proxies. It follows redirects itself, so that none leads to another kind of address or into a
 * loop.
 *
 * @param connectTimeout maximum time to establish a connection
 * @param readTimeout maximum time without data from the server
 */
record HttpConnections(Duration connectTimeout, Duration readTimeout) {
    private static final int MOST_REDIRECTS = 8;

    /** Opens a connection whose response is not a redirect; its status has been read. */
    HttpURLConnection open(String address, Map<String, String> headers) throws IOException {
        URI uri = parse(address);
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            HttpURLConnection connection = connect(uri, headers);
            int status = connection.getResponseCode();
            if (status < 300 || status > 308 || status == 304 || status == 306 || status == 305) {
                return connection;
            }
            String location = connection.getHeaderField("Location");
            connection.disconnect();
            if (location == null) {
                throw new HieraException(uri + ": the server redirects without an address (HTTP " + status + ")");
            }
            uri = redirected(uri, location);
        }
        throw new HieraException(address + ": the server redirects more than " + MOST_REDIRECTS + " times");
    }

    private HttpURLConnection connect(URI uri, Map<String, String> headers) throws IOException {
        URLConnection plain = uri.toURL().openConnection();
        if (!(plain instanceof HttpURLConnection connection)) {
            throw new HieraException(uri + ": expected an http or https address");
        }
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setConnectTimeout(Math.toIntExact(connectTimeout.toMillis()));
        connection.setReadTimeout(Math.toIntExact(readTimeout.toMillis()));
        connection.setRequestProperty("User-Agent", "Hiera4j/" + Version.NAME);
        connection.setRequestProperty("Accept-Encoding", "identity"); // a compressed response has another length
        headers.forEach(connection::setRequestProperty);
        return connection;
    }

    private static URI redirected(URI from, String location) {
        URI target;
        try {
            target = from.resolve(new URI(location));
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new HieraException(
                    from + ": the server redirects to '" + Printable.of(location) + "', which is not an address", e);
        }
        boolean allowed = isHttp(target) && !(isSecure(from) && !isSecure(target));
        if (!allowed || target.getHost() == null) {
            throw new HieraException(from + ": refused: the server redirects to " + Printable.of(target)
                    + ", which is not an " + (isSecure(from) ? "https" : "http or https") + " address");
        }
        return target;
    }

    private static URI parse(String address) {
        try {
            URI uri = new URI(address);
            if (isHttp(uri) && uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw new HieraException("'" + Printable.of(address) + "' is not an address", e);
        }
        throw new HieraException("'" + Printable.of(address) + "': expected an http or https address");
    }

    private static boolean isHttp(URI uri) {
        String scheme = scheme(uri);
        return scheme.equals("http") || scheme.equals("https");
    }

    private static boolean isSecure(URI uri) {
        return scheme(uri).equals("https");
    }

    private static String scheme(URI uri) {
        return uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    }
}
