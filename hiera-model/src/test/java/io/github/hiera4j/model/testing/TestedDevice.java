package io.github.hiera4j.model.testing;

import io.github.hiera4j.model.backend.CompileOptions;

/** The device that the system property {@code hiera.test.device} names, by default the CPU. */
public final class TestedDevice {
    /** {@code cpu}, {@code cuda} or {@code cuda:N}. */
    public static final String NAME = System.getProperty("hiera.test.device", "cpu");

    /** The default options, on this device. */
    public static final CompileOptions OPTIONS = CompileOptions.DEFAULT.withDevice(NAME);

    private TestedDevice() {}
}
