package io.github.hiera4j.spark;

/** The tasks of {@link HieraSparkJob}. */
enum JobTask {
    EMBED,
    CLASSIFY,
    FEATURES,
    DETECT,
    SEGMENT;

    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
