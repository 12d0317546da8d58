package io.github.hiera4j.cli.model;

import io.github.hiera4j.model.baseline.BaselineModel;
import io.github.hiera4j.model.baseline.BaselineVariant;
import io.github.hiera4j.model.baseline.peers.PeerVariant;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.sam.Sam2ImageEncoder;
import io.github.hiera4j.model.sam.Sam2Variant;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Known models other than Hiera classifiers: ViT, MViTv2, Swin, ConvNeXt V2, and the image encoders of SAM 2. */
public final class OtherModels {
    private OtherModels() {}

    /** Finds a ViT, MViTv2, Swin or ConvNeXt V2 by name; a file of that name takes precedence. */
    public static Optional<BaselineModel> baseline(String name) {
        return Files.exists(Path.of(name))
                ? Optional.empty()
                : BaselineVariant.find(name)
                        .map(BaselineVariant::model)
                        .or(() -> PeerVariant.find(name).map(PeerVariant::model));
    }

    /** Returns the graph from pixels to scores, or to the features that SAM 2 decodes. */
    public static Optional<Graph> graph(String name) {
        Optional<Graph> baseline =
                baseline(name).map(model -> model.inferenceGraph().select(Hiera.LOGITS));
        if (baseline.isPresent() || Files.exists(Path.of(name))) {
            return baseline;
        }
        return Sam2Variant.find(name)
                .map(variant -> new Sam2ImageEncoder(variant.config()).graph().select(Sam2ImageEncoder.OUTPUTS));
    }
}
