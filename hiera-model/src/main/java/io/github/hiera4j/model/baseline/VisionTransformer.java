package io.github.hiera4j.model.baseline;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.graph.Activation;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * ViT (Dosovitskiy et al., 2021), with the parameter names of timm and of the released masked autoencoder.
 *
 * <p>The output {@code stage1 …} of each block is {@code [B, 1 + N, C]}, the class token first.
 */
record VisionTransformer(VisionTransformerConfig config) {

    Graph inferenceGraph() {
        GraphBuilder g = new GraphBuilder();
        Value embedding = build(g);
        if (config.numClasses() > 0) {
            Heads.classes(g, g.linear(embedding, "head", config.numClasses()));
        }
        return g.build();
    }

    /** Builds the graph with the map of the last block, embedding, and for classifiers logits and probabilities. */
    Graph encoderGraph() {
        GraphBuilder g = new GraphBuilder();
        Value x = blocks(g);
        g.output(Hiera.stage(1), map(g, x));
        Value embedding = embedding(g, x);
        if (config.numClasses() > 0) {
            Heads.classes(g, g.linear(embedding, "head", config.numClasses()));
        }
        return g.build();
    }

    /** Patches in raster order, without the class token, as a map. */
    Value map(GraphBuilder g, Value x) {
        List<Integer> sizes = new ArrayList<>(config.grid());
        sizes.add(config.embedDim());
        return g.reshape(
                g.slice(x, 1, 1, config.patches()),
                Shape.batched(sizes.stream().mapToInt(Integer::intValue).toArray()));
    }

    Graph trainingGraph() {
        check(config.numClasses() > 0, "training needs a head: the number of classes is 0");
        GraphBuilder g = new GraphBuilder();
        Heads.loss(g, g.linear(build(g), "head", config.numClasses()));
        return g.build();
    }

    private Value build(GraphBuilder g) {
        Value x = tokens(g);
        for (int index = 0; index < config.depth(); index++) {
            x = encoderBlock(g, x, index);
            g.output(Hiera.stage(index + 1), x);
        }
        return embedding(g, x);
    }

    /** Returns all tokens after the last block, {@code [B, 1 + N, C]}. */
    Value blocks(GraphBuilder g) {
        Value x = tokens(g);
        for (int index = 0; index < config.depth(); index++) {
            x = encoderBlock(g, x, index);
        }
        return x;
    }

    private Value tokens(GraphBuilder g) {
        Value patches = patches(g, g.input(HieraEncoder.INPUT, config.inputShape()));
        Value classToken = g.parameter("cls_token", Shape.of(1, 1, config.embedDim()));
        return g.add(g.concat(1, classToken, patches), positions(g)); // [B, 1 + N, C]
    }

    private Value embedding(GraphBuilder g, Value x) {
        Value embedding;
        if (config.averages()) {
            embedding = g.layerNorm(g.mean(g.slice(x, 1, 1, config.patches()), 1), "fc_norm", config.layerNormEps());
        } else { // the head reads no other token, so only this one is normalised
            Value token = g.reshape(g.slice(x, 1, 0, 1), Shape.batched(config.embedDim()));
            embedding = g.layerNorm(token, "norm", config.layerNormEps());
        }
        g.output(Hiera.EMBEDDING, embedding);
        return embedding;
    }

    /** Returns the position embedding {@code [1, 1 + N, C]}: learned, but fixed in an autoencoder; separate for space and time in videos. */
    Value positions(GraphBuilder g) {
        int dim = config.embedDim();
        if (config.inputSize().size() == 2) {
            return g.parameter("pos_embed", Shape.of(1, 1 + config.patches(), dim));
        }
        int frames = config.grid().get(0);
        int area = config.patches() / frames;
        Value spatial = g.reshape(g.parameter("pos_embed_spatial", Shape.of(1, area, dim)), 1, 1, area, dim);
        Value temporal = g.reshape(g.parameter("pos_embed_temporal", Shape.of(1, frames, dim)), 1, frames, 1, dim);
        Value sum = g.reshape(g.add(spatial, temporal), 1, config.patches(), dim);
        return g.concat(1, g.parameter("pos_embed_class", Shape.of(1, 1, dim)), sum);
    }

    /** Pixels to patches {@code [B, N, C]} in raster order. */
    Value patches(GraphBuilder g, Value pixels) {
        List<Integer> none =
                Stream.generate(() -> 0).limit(config.patchSize().size()).toList();
        Value maps = g.scope("patch_embed")
                .convolution(pixels, "proj", config.embedDim(), config.patchSize(), config.patchSize(), none);
        return g.permute(g.reshape(maps, Shape.batched(config.embedDim(), config.patches())), List.of(0, 2, 1));
    }

    Value encoderBlock(GraphBuilder g, Value x, int index) {
        double dropPath = config.depth() == 1 ? 0 : config.dropPathRate() * index / (config.depth() - 1);
        return block(g.scope("blocks." + index), x, config.numHeads(), dropPath, config.layerNormEps());
    }

    /** Builds a block with global attention; {@code g} is scoped to it. */
    static Value block(GraphBuilder g, Value x, int heads, double dropPath, double epsilon) {
        int dim = x.size(2);
        GraphBuilder attention = g.scope("attn");
        Value qkv = attention.linear(g.layerNorm(x, "norm1", epsilon), "qkv", 3 * dim);
        Value attended = attention.linear(attention.attention(qkv, heads, 1, 1), "proj", dim);
        x = g.add(x, g.dropPath(attended, dropPath));
        GraphBuilder mlp = g.scope("mlp");
        Value hidden = mlp.linear(g.layerNorm(x, "norm2", epsilon), "fc1", 4 * dim, Activation.GELU);
        return g.add(x, g.dropPath(mlp.linear(hidden, "fc2", dim), dropPath));
    }
}
