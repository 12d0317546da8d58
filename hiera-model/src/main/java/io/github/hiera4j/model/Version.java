package io.github.hiera4j.model;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Properties;

/** The version of Hiera4j. */
public final class Version {
    /** The version in the POM, such as {@code 0.1.0} or {@code 0.2.0-SNAPSHOT}. */
    public static final String NAME = read();

    private Version() {}

    private static String read() {
        try (InputStream stream =
                Objects.requireNonNull(Version.class.getResourceAsStream("version.properties"), "version.properties")) {
            Properties properties = new Properties();
            properties.load(stream);
            return properties.getProperty("version");
        } catch (IOException fault) {
            throw new IllegalStateException("version.properties cannot be read", fault);
        }
    }
}
