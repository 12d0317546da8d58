package io.github.hiera4j.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The rules of docs/architecture.md: dependencies point downward, native code is called from few packages. */
class ArchitectureTest {
    private static final long MOST_FILES = 22; // about 20, with room for a class that does not fit elsewhere

    static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar") && !location.contains("/test/"))
            .importPackages("io.github.hiera4j");

    @Test
    void dependenciesPointDownward() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("cli")
                .definedBy("io.github.hiera4j.cli..")
                .layer("detect")
                .definedBy("io.github.hiera4j.detect..")
                .layer("serve")
                .definedBy("io.github.hiera4j.serve..")
                .layer("onnx")
                .definedBy("io.github.hiera4j.onnx..")
                .layer("train")
                .definedBy("io.github.hiera4j.train..")
                .layer("api")
                .definedBy("io.github.hiera4j.api..")
                .layer("bench")
                .definedBy("io.github.hiera4j.bench..")
                .layer("media")
                .definedBy("io.github.hiera4j.media..")
                .layer("torch")
                .definedBy("io.github.hiera4j.torch..")
                .layer("onednn")
                .definedBy("io.github.hiera4j.onednn..")
                .layer("natives")
                .definedBy("io.github.hiera4j.natives..")
                .layer("model")
                .definedBy("io.github.hiera4j.model..")
                .whereLayer("cli")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("detect")
                .mayOnlyBeAccessedByLayers("serve", "cli")
                .whereLayer("serve")
                .mayOnlyBeAccessedByLayers("cli")
                .whereLayer("onnx")
                .mayOnlyBeAccessedByLayers("cli")
                .whereLayer("train")
                .mayOnlyBeAccessedByLayers("detect", "cli")
                .whereLayer("api")
                .mayOnlyBeAccessedByLayers("serve", "cli")
                .whereLayer("bench")
                .mayOnlyBeAccessedByLayers("cli")
                .whereLayer("media")
                .mayOnlyBeAccessedByLayers("api", "train", "detect", "serve", "cli")
                .whereLayer("torch")
                .mayOnlyBeAccessedByLayers("train", "detect")
                .whereLayer("onednn")
                .mayOnlyBeAccessedByLayers("bench")
                .whereLayer("natives")
                .mayOnlyBeAccessedByLayers("torch", "onednn", "media")
                .check(CLASSES);
    }

    @Test
    void onlyBackendsAndMediaTouchNativeCode() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.github.hiera4j.natives..",
                        "io.github.hiera4j.torch..",
                        "io.github.hiera4j.onednn..",
                        "io.github.hiera4j.media..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco..")
                .check(CLASSES);
    }

    @Test
    void packagesFormNoCycles() {
        slices().matching("io.github.hiera4j.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void graphsKnowNothingOfWeightsOrBackends() {
        noClasses()
                .that()
                .resideInAPackage("io.github.hiera4j.model.graph..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..weights..", "..backend..", "..network..", "..mae..")
                .check(CLASSES);
    }

    @Test
    void commandsEndInCommand() {
        classes()
                .that()
                .areAnnotatedWith(picocli.CommandLine.Command.class)
                .should()
                .haveSimpleNameEndingWith("Command")
                .check(CLASSES);
    }

    @Test
    void internalPackagesAreUsedByTheirOwnModuleOnly() {
        for (String module :
                List.of("model", "media", "api", "train", "torch", "onednn", "onnx", "detect", "bench", "serve")) {
            noClasses()
                    .that()
                    .resideOutsideOfPackage("io.github.hiera4j." + module + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.github.hiera4j." + module + "..internal..")
                    .check(CLASSES);
        }
    }

    @Test
    void packagesStaySmall() {
        Map<String, Long> files = CLASSES.stream()
                .filter(type -> type.isTopLevelClass())
                .collect(Collectors.groupingBy(JavaClass::getPackageName, TreeMap::new, Collectors.counting()));
        files.values().removeIf(count -> count <= MOST_FILES);
        assertThat(files)
                .as("packages with more than about 20 files: group their classes")
                .isEmpty();
    }

    @Test
    void nobodySeesALoggingLibrary() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.slf4j..", "ch.qos.logback..", "java.util.logging..")
                .check(CLASSES);
    }
}
