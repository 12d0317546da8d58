package io.github.hiera4j.spark;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.github.hiera4j.spark.executor.MediaTask;
import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final int MOST_FILES = 22;

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(location -> !location.contains("-tests.jar") && !location.contains("/test"))
            .importPackages("io.github.hiera4j.spark");

    @Test
    void sparkStandsBesideTheCommandLineAndUsesNoEngine() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.github.hiera4j.cli..",
                        "io.github.hiera4j.serve..",
                        "io.github.hiera4j.onnx..",
                        "io.github.hiera4j.bench..",
                        "io.github.hiera4j.onednn..",
                        "io.github.hiera4j.natives..",
                        "org.bytedeco..")
                .check(CLASSES);
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.github.hiera4j..internal..")
                .check(CLASSES);
    }

    @Test
    void trainingAloneKnowsProcessesThatTrainTogether() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.github.hiera4j.spark.train..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.github.hiera4j.torch..", "io.github.hiera4j.train.run..")
                .check(CLASSES);
    }

    @Test
    void whatRunsOnExecutorsKnowsNothingOfTransformersAndTheDriver() {
        noClasses()
                .that()
                .resideInAPackage("io.github.hiera4j.spark.executor..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.github.hiera4j.spark",
                        "io.github.hiera4j.spark.train",
                        "org.apache.spark.ml..",
                        "picocli..")
                .check(CLASSES);
        classes()
                .that()
                .implement(MediaTask.class)
                .should()
                .beAssignableTo(Serializable.class)
                .check(CLASSES);
    }

    @Test
    void packagesFormNoCyclesAndStaySmall() {
        slices().matching("io.github.hiera4j.(**)").should().beFreeOfCycles().check(CLASSES);
        Map<String, Long> files = CLASSES.stream()
                .filter(JavaClass::isTopLevelClass)
                .collect(Collectors.groupingBy(JavaClass::getPackageName, TreeMap::new, Collectors.counting()));
        files.values().removeIf(count -> count <= MOST_FILES);
        assertThat(files).isEmpty();
    }

    @Test
    void nobodySeesALoggingLibrary() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.slf4j..", "ch.qos.logback..", "java.util.logging..", "org.apache.logging..")
                .check(CLASSES);
    }
}
