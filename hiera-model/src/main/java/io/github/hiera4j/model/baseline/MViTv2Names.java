package io.github.hiera4j.model.baseline;

import java.util.List;

/** timm's names for the parameters of MViTv2. */
public final class MViTv2Names {
    private static final String BLOCKS = "blocks.";

    private MViTv2Names() {}

    /**
     * Returns timm's name of a parameter.
     *
     * @param config the model
     * @param official the name in the released code and in graphs
     * @return timm's name
     */
    public static String timm(MViTv2Config config, String official) {
        if (official.startsWith("head.projection.")) {
            return official.replace("head.projection.", "head.fc.");
        }
        if (!official.startsWith(BLOCKS)) {
            return official;
        }
        int dot = official.indexOf('.', BLOCKS.length());
        int index = Integer.parseInt(official.substring(BLOCKS.length(), dot));
        String inside = official.substring(dot + 1);
        if (inside.startsWith("proj.")) {
            inside = (config.widensInAttention() ? "shortcut_proj_attn." : "shortcut_proj_mlp.")
                    + inside.substring("proj.".length());
        }
        List<Integer> depths = config.shape().stages();
        int stage = 0;
        while (index >= depths.get(stage)) {
            index -= depths.get(stage++);
        }
        return "stages." + stage + ".blocks." + index + "." + inside;
    }
}
