package io.github.hiera4j.serve.upload;

/**
 * One file of a request.
 *
 * @param name the client's file name, in printable characters and without directories
 * @param content its bytes
 */
public record Upload(String name, byte[] content) {}
