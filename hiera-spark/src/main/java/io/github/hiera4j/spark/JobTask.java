package io.github.hiera4j.spark;

/** What {@link HieraSparkJob} computes. */
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
