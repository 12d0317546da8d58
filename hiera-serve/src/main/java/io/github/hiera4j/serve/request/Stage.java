package io.github.hiera4j.serve.request;

import java.util.Locale;

/** The stages of a request, in the order in which most requests pass through them. */
public enum Stage {
    /** Receiving the body. */
    READ,
    /** Waiting for a decoding thread. */
    QUEUE,
    /** Decoding bytes to pixels or tensors; for a video also preparing its views. */
    DECODE,
    /** Resizing, cropping and normalising pixels. */
    PREPARE,
    /** Waiting for a batch, or for a network that computes one request at a time. */
    WAIT,
    /** The network; for segmentation, detection, reconstruction and attention including pre- and post-processing. */
    MODEL,
    /** Writing the response as JSON or as tensors. */
    ENCODE;

    /** {@return the name in metrics and in the access log} */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
