package io.github.hiera4j.train.objective;

import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.weights.config.ConfigWriter;
import java.nio.file.Path;

/** Writes {@code README.md} in the directory of a trained model: a description, and how to open it with other tools. */
final class ModelReadme {
    private ModelReadme() {}

    static void write(Path directory, ModelConfig model) {
        ConfigWriter.write(directory.resolve("README.md"), text(model));
    }

    /** Returns the content of the file; timm and transformers have no Hiera for videos. */
    static String text(ModelConfig model) {
        boolean autoencoder = model.isAutoencoder();
        String use = autoencoder ? """
                hiera finetune --data DATA --out RUN --from THIS_DIRECTORY   # train a classifier from it
                hiera embed photos/ --weights THIS_DIRECTORY                  # feature vectors
                """ : "hiera classify FILE --weights THIS_DIRECTORY\n";
        if (!model.isHiera()) {
            return "# " + model.architecture() + "\n\n"
                    + "`model.safetensors` has the weights, `config.json` the settings, `hiera4j.json` classes and preprocessing.\n\n"
                    + "```bash\n" + use + "```\n\ntimm and transformers have no such model.\n";
        }
        String text = "# A Hiera " + (autoencoder ? "masked autoencoder" : "model") + "\n\n"
                + "`model.safetensors` has official names, `config.json` the settings, `hiera4j.json` classes and preprocessing.\n\n"
                + "```bash\n" + use + "```\n";
        if (model.encoder().isVideo()) {
            return text + "\ntimm and transformers have no Hiera for videos.\n";
        }
        String type = autoencoder ? "AutoModelForPreTraining" : "AutoModelForImageClassification";
        return text + """

                ## In timm and transformers

                ```bash
                hiera convert THIS_DIRECTORY timm-model --keys timm
                hiera convert THIS_DIRECTORY transformers-model --keys transformers
                ```

                ```python
                timm.create_model("local-dir:timm-model", pretrained=True)
                transformers.%s.from_pretrained("transformers-model")
                transformers.AutoImageProcessor.from_pretrained("transformers-model")
                ```
                """.formatted(type);
    }
}
