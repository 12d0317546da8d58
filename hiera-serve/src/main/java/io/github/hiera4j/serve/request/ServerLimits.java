package io.github.hiera4j.serve.request;

import static io.github.hiera4j.model.Check.check;

import java.time.Duration;

/**
 * Limits of single requests, and of all requests together.
 *
 * @param requestBytes bytes of the body of one request
 * @param pendingBytes bytes of all bodies held at a time
 * @param files files in one request
 * @param pixels pixels of an image, or of a video's frame
 * @param videoLength length of a video
 * @param time time from a request's first byte to its response, including reading
 * @param pendingRequests requests in progress at a time; further ones are refused with 503
 * @param connections open connections; further ones wait to be accepted
 */
public record ServerLimits(
        long requestBytes,
        long pendingBytes,
        int files,
        long pixels,
        Duration videoLength,
        Duration time,
        int pendingRequests,
        int connections) {

    /** 64 MiB a request, a quarter of the heap for all; 32 files; 2^26 pixels; 10 minutes of video; 30 seconds; 128 requests. */
    public static final ServerLimits DEFAULT = new ServerLimits(
            64L << 20,
            Math.max(256L << 20, Runtime.getRuntime().maxMemory() / 4),
            32,
            1L << 26,
            Duration.ofMinutes(10),
            Duration.ofSeconds(30),
            128,
            1024);

    /**
     * Checks the values.
     *
     * @param requestBytes bytes of the body of one request
     * @param pendingBytes bytes of all bodies held at a time
     * @param files files in one request
     * @param pixels pixels of an image, or of a video's frame
     * @param videoLength length of a video
     * @param time time from a request's first byte to its response, including reading
     * @param pendingRequests requests in progress at a time; further ones are refused with 503
     * @param connections open connections; further ones wait to be accepted
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public ServerLimits {
        check(
                requestBytes >= 1 && requestBytes <= 1L << 30,
                "the largest request must be 1 byte to 1 GiB, got %d",
                requestBytes);
        check(
                pendingBytes >= requestBytes,
                "requests of up to %d bytes do not fit into %d bytes for all: give the Java heap (-Xmx) more, or allow"
                        + " smaller requests",
                requestBytes,
                pendingBytes);
        check(files >= 1 && files <= 1000, "files in a request must be 1 to 1000, got %d", files);
        check(pixels >= 1, "the pixels of an image must be 1 or more, got %d", pixels);
        check(videoLength.toMillis() >= 1, "the length of a video must be more than 0, got %s", videoLength);
        check(time.toMillis() >= 1, "the time for a request must be more than 0, got %s", time);
        check(pendingRequests >= 1 && pendingRequests <= 4096, "requests must be 1 to 4096, got %d", pendingRequests);
        check(connections >= 1, "connections must be 1 or more, got %d", connections);
    }

    /**
     * {@return these limits with another request size}
     *
     * @param bytes largest number of bytes
     */
    public ServerLimits withRequestBytes(long bytes) {
        return new ServerLimits(
                bytes, Math.max(bytes, pendingBytes), files, pixels, videoLength, time, pendingRequests, connections);
    }

    /**
     * {@return these limits with another number of pixels per image}
     *
     * @param most at most
     */
    public ServerLimits withPixels(long most) {
        return new ServerLimits(
                requestBytes, pendingBytes, files, most, videoLength, time, pendingRequests, connections);
    }

    /**
     * {@return these limits with another video length}
     *
     * @param longest at most
     */
    public ServerLimits withVideoLength(Duration longest) {
        return new ServerLimits(requestBytes, pendingBytes, files, pixels, longest, time, pendingRequests, connections);
    }

    /**
     * {@return these limits with another time per request}
     *
     * @param longest at most
     */
    public ServerLimits withTime(Duration longest) {
        return new ServerLimits(
                requestBytes, pendingBytes, files, pixels, videoLength, longest, pendingRequests, connections);
    }

    /**
     * {@return these limits with another number of concurrent requests}
     *
     * @param most at most
     */
    public ServerLimits withPendingRequests(int most) {
        return new ServerLimits(requestBytes, pendingBytes, files, pixels, videoLength, time, most, connections);
    }
}
