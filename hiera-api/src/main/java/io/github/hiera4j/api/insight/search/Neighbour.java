package io.github.hiera4j.api.insight.search;

/**
 * A file near a query.
 *
 * @param index its number in the index
 * @param file its path when it was indexed
 * @param similarity the cosine of the angle between both embeddings, -1 to 1
 */
public record Neighbour(int index, String file, double similarity) {}
