package io.github.hiera4j.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Processes that load different engines, or in a different order, must not replace each other's OpenMP library in the cache of natives. */
@EnabledOnOs(OS.LINUX)
final class SharedOpenMpTest {
    @Test
    void theLibraryIsLoadedFromTheOnePlaceOfAllProcesses() throws IOException {
        assertThat(new OneDnnBackend().availability().usable()).isTrue();
        try (Stream<String> mappings = Files.lines(Path.of("/proc/self/maps"))) {
            Set<String> places = mappings.filter(line -> line.contains("libgomp"))
                    .map(line -> line.replaceFirst(".*/([^/]*/libgomp.*)", "$1"))
                    .collect(Collectors.toSet());
            assertThat(places).singleElement().asString().matches("hiera4j-openmp-[0-9a-f]{8}/libgomp\\.so\\.1");
        }
    }
}
