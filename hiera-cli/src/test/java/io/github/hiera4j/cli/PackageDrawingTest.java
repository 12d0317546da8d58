package io.github.hiera4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/packages.md shows the dependencies of packages; {@code -Ddrawing.update=true} updates it. */
class PackageDrawingTest {
    private static final Path DRAWING = Path.of("../docs/packages.md");
    private static final String ROOT = "io.github.hiera4j.";
    private static final Pattern ARROW = Pattern.compile("(?m)^ {4}([a-zA-Z0-9_.]+) --> ([a-zA-Z0-9_.]+)$");
    private static final String HEAD = """
            # Packages

            An arrow points from a package to one that it uses; arrows that follow from others are left out. Nothing points back: no cycle
            exists at any depth. Drawn by `mvn -Pquick -pl hiera-cli -am test -Dtest=PackageDrawingTest -Ddrawing.update=true
            -Dsurefire.failIfNoSpecifiedTests=false`; `ArchitectureTest` and `PackageDrawingTest` check the rules. hiera-spark is not drawn: it
            uses api, detect and train, and nothing uses it; its packages are `spark`, `spark.executor` and `spark.train`.
            """;

    @Test
    void noDependencyRunsAgainstTheDrawing() throws IOException {
        Map<String, Set<String>> packages = edges(name -> name);
        if (Boolean.getBoolean("drawing.update")) {
            Files.writeString(DRAWING, drawing(packages));
        }
        Map<String, Set<String>> drawn = new TreeMap<>();
        Matcher arrows = ARROW.matcher(Files.readString(DRAWING));
        while (arrows.find()) {
            drawn.computeIfAbsent(arrows.group(1), from -> new TreeSet<>()).add(arrows.group(2));
        }
        assertThat(drawn).hasSizeGreaterThan(20);
        List<String> against = new ArrayList<>();
        packages.forEach((from, targets) -> targets.forEach(to -> {
            if (reachable(drawn, to).contains(from)) {
                against.add(from + " uses " + to);
            }
        }));
        assertThat(against)
                .as("dependencies against the direction of the arrows in docs/packages.md")
                .isEmpty();
    }

    private static String drawing(Map<String, Set<String>> packages) {
        StringBuilder text = new StringBuilder(HEAD);
        append(text, "Modules", edges(name -> name.replaceFirst("\\..*", "")));
        Set<String> modules = new TreeSet<>();
        packages.keySet().forEach(name -> modules.add(name.replaceFirst("\\..*", "")));
        for (String module : modules) {
            Map<String, Set<String>> inside = new TreeMap<>();
            packages.forEach((from, targets) -> {
                if (isIn(from, module)) {
                    Set<String> own = new TreeSet<>(targets);
                    own.removeIf(to -> !isIn(to, module));
                    inside.put(from, own);
                }
            });
            if (inside.values().stream().anyMatch(targets -> !targets.isEmpty())) {
                append(text, "`" + ROOT + module + "`", inside);
            }
        }
        return text.toString();
    }

    private static boolean isIn(String name, String module) {
        return name.equals(module) || name.startsWith(module + ".");
    }

    private static void append(StringBuilder text, String title, Map<String, Set<String>> edges) {
        text.append("\n## ").append(title).append("\n\n```mermaid\ngraph TD\n");
        edges.forEach((from, targets) -> targets.stream()
                .filter(to -> targets.stream()
                        .noneMatch(other ->
                                !other.equals(to) && reachable(edges, other).contains(to)))
                .forEach(to -> text.append("    ")
                        .append(from)
                        .append(" --> ")
                        .append(to)
                        .append('\n')));
        text.append("```\n");
    }

    /** Returns the project's packages under their short names, each with the packages that it uses. */
    private static Map<String, Set<String>> edges(UnaryOperator<String> name) {
        Map<String, Set<String>> edges = new TreeMap<>();
        for (JavaClass type : ArchitectureTest.CLASSES) {
            String from = name.apply(shortName(type));
            Set<String> targets = edges.computeIfAbsent(from, none -> new TreeSet<>());
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                if (target.getPackageName().startsWith(ROOT)) {
                    targets.add(name.apply(shortName(target)));
                }
            }
            targets.remove(from);
        }
        return edges;
    }

    private static String shortName(JavaClass type) {
        return type.getPackageName().substring(ROOT.length());
    }

    private static Set<String> reachable(Map<String, Set<String>> edges, String start) {
        Set<String> seen = new HashSet<>();
        List<String> open = new ArrayList<>(List.of(start));
        while (!open.isEmpty()) {
            String next = open.remove(open.size() - 1);
            for (String target : Objects.requireNonNull(edges.getOrDefault(next, Set.of()))) {
                if (seen.add(target)) {
                    open.add(target);
                }
            }
        }
        return seen;
    }
}
