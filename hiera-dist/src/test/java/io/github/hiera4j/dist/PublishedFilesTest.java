package io.github.hiera4j.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The required content of every published jar and POM. */
class PublishedFilesTest {

    @BeforeAll
    static void requirePublished() {
        Program.requirePublished();
    }

    private static List<Path> published(String ending) throws IOException {
        Path group = Program.property("hiera.repository").resolve("io/github/hiera4j");
        try (Stream<Path> files = Files.walk(group)) {
            return files.filter(file -> file.toString().endsWith(ending)).toList();
        }
    }

    @Test
    void everyJarHasItsLicenceNoticesAndAModuleName() throws IOException {
        List<Path> jars = published(".jar").stream()
                .filter(jar -> !jar.toString().matches(".*-(tests|sources|javadoc)\\.jar"))
                .toList();
        assertThat(jars).hasSizeGreaterThanOrEqualTo(8);
        for (Path file : jars) {
            try (JarFile jar = new JarFile(file.toFile())) {
                for (String entry : List.of("META-INF/LICENSE", "META-INF/NOTICE", "META-INF/THIRD-PARTY.md")) {
                    assertThat(jar.getEntry(entry)).as("%s in %s", entry, file).isNotNull();
                }
                assertThat(jar.getManifest().getMainAttributes().getValue("Automatic-Module-Name"))
                        .as(file.toString())
                        .matches("io\\.github\\.hiera4j\\.[a-z]+");
            }
        }
    }

    @Test
    void everyPomDescribesItself() throws IOException {
        for (Path file : published(".pom")) {
            String pom = Files.readString(file);
            if (!pom.contains("<parent>")) {
                assertThat(pom).as(file.toString()).contains("<name>", "<url>", "<licenses>", "<developers>", "<scm>");
            }
            assertThat(pom).as(file.toString()).contains("<description>");
        }
    }
}
