package io.github.hiera4j.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.ListResourceBundle;
import picocli.CommandLine;

/** Descriptions of shared options in commands that accept only some of their values. */
final class OptionHelp extends ListResourceBundle {
    private static final List<String> LOOKING_INSIDE =
            List.of("reconstruct", "attention", "explain", "pca", "similar", "timeline");
    private static final List<String> ONE_SIZE = List.of("export", "benchmark");
    private static final List<String> FLOATING = List.of("segment", "detect", "actions", "parity", "reconstruct");

    /** Replaces descriptions in the help of commands below this one. */
    static void addTo(CommandLine commandLine) {
        commandLine.setResourceBundle(new OptionHelp());
    }

    @Override
    protected Object[][] getContents() {
        List<Object[]> contents = new ArrayList<>();
        String size = "Input size: 384 or 256x320, height x width (default: the model's).";
        LOOKING_INSIDE.forEach(command -> contents.add(entry(command, "size", size)));
        ONE_SIZE.forEach(command -> contents.add(entry(command, "size", size)));
        String padding = "Pad unsupported sizes; otherwise they are rejected.";
        LOOKING_INSIDE.forEach(command -> contents.add(entry(command, "pad", padding)));
        contents.add(entry("benchmark", "pad", padding));
        for (String command : LOOKING_INSIDE) {
            if (!FLOATING.contains(command)) {
                contents.add(entry(
                        command,
                        "dtype",
                        "float32, bfloat16, float16, int8 (files of hiera quantize, on a CPU), or auto: the fastest"
                                + " floating-point type on this machine (default: float32)."));
            }
        }
        FLOATING.forEach(command -> contents.add(entry(
                command,
                "dtype",
                "float32, bfloat16, float16, or auto: the fastest of them on this machine (default: float32).")));
        return contents.toArray(Object[][]::new);
    }

    private static Object[] entry(String command, String option, String description) {
        return new Object[] {"hiera." + command + "." + option, description};
    }
}
