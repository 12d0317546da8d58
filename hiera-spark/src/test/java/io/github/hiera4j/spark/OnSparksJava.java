package io.github.hiera4j.spark;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledForJreRange;

/** Tests that start Spark: they are skipped, with the reason, on versions of Java that Spark does not support. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@EnabledForJreRange(
        minVersion = 17,
        maxVersion = 23,
        disabledReason =
                "Spark 4.1 runs on Java 17 and 21: its Hadoop client calls Subject.getSubject, which Java 24 refuses")
@interface OnSparksJava {}
