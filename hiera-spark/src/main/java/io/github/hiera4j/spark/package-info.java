/**
 * Models as transformers of Apache Spark ML: embeddings, classes, feature maps, detections and masks of the images and videos in a
 * DataFrame; and the job that {@code spark-submit} starts.
 */
@org.jspecify.annotations.NullMarked
package io.github.hiera4j.spark;
