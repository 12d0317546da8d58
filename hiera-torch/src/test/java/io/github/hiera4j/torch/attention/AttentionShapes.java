package io.github.hiera4j.torch.attention;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A test of attention for samples, windows, tokens of a window, heads, channels of a head, and queries that are pooled together. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest(name = "{0} samples of {1} windows of {2} tokens, {3} heads of {4}, pooled by {5}")
@CsvSource({
    "1, 1, 1, 1, 1, 1",
    "2, 1, 49, 8, 96, 1",
    "3, 1, 196, 4, 16, 4",
    "2, 49, 64, 1, 96, 1",
    "5, 9, 64, 2, 24, 4",
    "1, 7, 16, 3, 20, 1",
    "8, 2, 12, 4, 7, 2",
    "16, 5, 6, 2, 8, 3",
    "1, 1, 1568, 2, 12, 1",
    "2, 1, 1568, 4, 96, 1"
})
@interface AttentionShapes {}
