package io.github.hiera4j.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The public API is documented: every class, method, parameter and result outside {@code internal} packages. */
class DocumentationTest {
    private static final Path SOURCES = Path.of("src/main/java");

    @Test
    void everythingPublicIsDocumented(@TempDir Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        try (StandardJavaFileManager files =
                        compiler.getStandardFileManager(found, Locale.ROOT, StandardCharsets.UTF_8);
                Stream<Path> sources = Files.walk(SOURCES)) {
            List<Path> java =
                    sources.filter(file -> file.toString().endsWith(".java")).toList();
            List<String> options = List.of(
                    "-proc:none",
                    "-Xdoclint:all/protected",
                    "-Xdoclint/package:-io.github.hiera4j.api.internal",
                    "-Xmaxwarns",
                    "1000",
                    "-classpath",
                    System.getProperty("java.class.path"),
                    "-d",
                    classes.toString());
            assertThat(java).hasSizeGreaterThan(20);
            assertThat(compiler.getTask(null, files, found, options, null, files.getJavaFileObjectsFromPaths(java))
                            .call())
                    .isTrue();
        }
        assertThat(found.getDiagnostics()).map(fault -> fault.toString()).isEmpty();
    }
}
