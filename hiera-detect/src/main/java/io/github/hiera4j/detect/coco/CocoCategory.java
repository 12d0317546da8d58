package io.github.hiera4j.detect.coco;

/**
 * A class of objects.
 *
 * @param id unique in the file; ids need not be contiguous
 * @param name the class name
 */
public record CocoCategory(long id, String name) {}
