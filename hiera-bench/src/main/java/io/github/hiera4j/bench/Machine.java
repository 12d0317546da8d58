package io.github.hiera4j.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The machine on which a figure was measured.
 *
 * @param processor its model name, or the architecture if the system does not report it
 * @param processors logical processors that this process may use
 * @param features relevant vector instructions, in words; empty if the system does not report them
 * @param system operating system and architecture
 * @param java runtime version
 */
public record Machine(String processor, int processors, List<String> features, String system, String java) {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final int COLUMNS = 80;

    /** Linux's names of the instructions that determine which kernels run, with the names used here. */
    private static final Map<String, String> FEATURES = Map.of(
            "avx2", "AVX2",
            "avx512f", "AVX-512",
            "avx512_vnni", "AVX-512 VNNI",
            "avx512_bf16", "AVX-512 bfloat16",
            "avx512_fp16", "AVX-512 float16",
            "amx_tile", "AMX",
            "amx_bf16", "AMX bfloat16",
            "amx_int8", "AMX int8");

    /**
     * Copies the collections.
     *
     * @param processor its model name, or the architecture if the system does not report it
     * @param processors logical processors that this process may use
     * @param features relevant vector instructions, in words; empty if the system does not report them
     * @param system operating system and architecture
     * @param java runtime version
     */
    public Machine {
        features = List.copyOf(features);
    }

    /** {@return the running machine} */
    public static Machine current() {
        List<String> info = readCpuInfo();
        String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        return new Machine(
                field(info, "model name", System.getProperty("os.arch")),
                Runtime.getRuntime().availableProcessors(),
                features(field(info, "flags", "")),
                system,
                Runtime.version().toString());
    }

    /** {@return the features by instruction set, in few words: {@code AMX (bfloat16, int8), AVX2}; empty if there are none} */
    public String featureSummary() {
        Map<String, List<String>> extensions = new LinkedHashMap<>();
        for (String feature : features) {
            String[] setAndExtension = feature.split(" ", 2);
            List<String> known = extensions.computeIfAbsent(setAndExtension[0], unknown -> new ArrayList<>());
            if (setAndExtension.length == 2) {
                known.add(setAndExtension[1]);
            }
        }
        return extensions.entrySet().stream()
                .map(set -> set.getValue().isEmpty()
                        ? set.getKey()
                        : set.getKey() + " (" + String.join(", ", set.getValue()) + ")")
                .collect(Collectors.joining(", "));
    }

    /** {@return processor, number of processors and features: one line, or two if it were longer than 80 columns} */
    public List<String> description() {
        String name = processor + ", " + processors + " processors";
        String summary = featureSummary();
        if (summary.isEmpty()) {
            return List.of(name);
        }
        String line = name + ", " + summary;
        return line.length() <= COLUMNS ? List.of(line) : List.of(name, summary);
    }

    private static List<String> readCpuInfo() {
        try {
            return Files.isReadable(CPU_INFO) ? Files.readAllLines(CPU_INFO) : List.of();
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    private static String field(List<String> info, String name, String otherwise) {
        return info.stream()
                .filter(line -> line.startsWith(name) && line.contains(":"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse(otherwise);
    }

    private static List<String> features(String flags) {
        Set<String> present = new HashSet<>(Arrays.asList(flags.split(" ")));
        List<String> features = new ArrayList<>();
        FEATURES.forEach((flag, name) -> {
            if (present.contains(flag)) {
                features.add(name);
            }
        });
        features.sort(null);
        return features;
    }
}
