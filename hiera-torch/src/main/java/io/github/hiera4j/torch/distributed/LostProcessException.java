package io.github.hiera4j.torch.distributed;

import io.github.hiera4j.model.HieraException;

/** Another process ended or did not respond in time, so this one cannot continue training. */
public final class LostProcessException extends HieraException {
    private static final long serialVersionUID = 1L;

    LostProcessException(String message, Throwable cause) {
        super(message, cause);
    }
}
