/** Training on the executors of a Spark cluster. */
@org.jspecify.annotations.NullMarked
package io.github.hiera4j.spark.train;
