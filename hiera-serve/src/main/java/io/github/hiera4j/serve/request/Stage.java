package io.github.hiera4j.serve.request;

import java.util.Locale;

/** What a request spends its time on, in the order in which most requests come to it. */
public enum Stage {
    /** Receiving the body. */
    READ,
    /** Waiting for a thread that decodes. */
    QUEUE,
    /** Making pixels or tensors of bytes; of a video also preparing its views. */
    DECODE,
    /** Resizing, cropping and normalising pixels. */
    PREPARE,
    /** Waiting for a batch, or for a network that computes one request at a time. */
    WAIT,
    /** The network, for segmentation, detection, reconstruction and attention with what is around it. */
    MODEL,
    /** Writing the answer as JSON or as tensors. */
    ENCODE;

    /** {@return the name in metrics and in the access log} */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
