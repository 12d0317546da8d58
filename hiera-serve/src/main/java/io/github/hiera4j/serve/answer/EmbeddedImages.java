package io.github.hiera4j.serve.answer;

import io.github.hiera4j.api.segment.EmbeddedImage;
import io.github.hiera4j.serve.model.ServedModel;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The encodings of the most recently segmented images, so that further prompts for the same file are answered quickly. Thread-safe. */
final class EmbeddedImages {
    private static final int KEPT = 4;

    private final Map<Key, EmbeddedImage> images = new LinkedHashMap<>(16, 0.75f, true);

    /** A loaded model and the SHA-256 of a file. */
    private record Key(ServedModel model, ByteBuffer digest) {}

    EmbeddedImage get(ServedModel model, byte[] content, Supplier<EmbeddedImage> encode) {
        Key key = new Key(model, ByteBuffer.wrap(digest(content)));
        synchronized (images) {
            EmbeddedImage known = images.get(key);
            if (known != null) {
                return known;
            }
        }
        EmbeddedImage fresh = encode.get();
        synchronized (images) {
            images.put(key, fresh);
            if (images.size() > KEPT) {
                images.remove(images.keySet().iterator().next());
            }
        }
        return fresh;
    }

    private static byte[] digest(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
