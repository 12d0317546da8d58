package io.github.hiera4j.serve.answer;

import java.util.List;

/**
 * What an endpoint makes of one upload.
 *
 * @param rows JSON objects, one a line, as the command of the same name prints with {@code --json}
 * @param views images, frames or crops that were computed
 * @param bytes what large arrays in the rows take; 0 where there are none
 */
record Answer(List<Object> rows, int views, long bytes) {
    static Answer of(Object row, int views) {
        return new Answer(List.of(row), views, 0);
    }
}
