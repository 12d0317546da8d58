/** The code that runs on executors: models that tasks share, and the rows that they compute. */
@org.jspecify.annotations.NullMarked
package io.github.hiera4j.spark.executor;
