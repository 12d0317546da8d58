package io.github.hiera4j.model.backend;

/**
 * Whether a backend can be used on this machine.
 *
 * @param usable true if it can
 * @param detail in one line: version and device, or why it cannot be used
 */
public record Availability(boolean usable, String detail) {
    /**
     * {@return the availability of a usable backend}
     *
     * @param detail what is used, such as a version or an instruction set
     */
    public static Availability usable(String detail) {
        return new Availability(true, detail);
    }

    /**
     * {@return the availability of an unusable backend}
     *
     * @param reason why it cannot be used, in one line
     */
    public static Availability unusable(String reason) {
        return new Availability(false, reason);
    }
}
