package io.github.hiera4j.serve.upload;

/**
 * One file of a request.
 *
 * @param name what the client calls it, in printable characters and without directories
 * @param content its bytes
 */
public record Upload(String name, byte[] content) {}
