package io.github.hiera4j.onnx;

import static io.github.hiera4j.model.Check.check;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.onnx.file.OnnxFile;
import io.github.hiera4j.onnx.graph.GraphTranslation;
import io.github.hiera4j.onnx.graph.PixelStage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Writes a graph with its weights as an ONNX file. Weights are read one at a time, as they are written. */
public final class OnnxExport {
    private static final String PRODUCER = "Hiera4j";

    private OnnxExport() {}

    /**
     * Writes the file of a model, and a separate file for the weights if they do not fit inside it or the options require it.
     *
     * @param target the file of the model
     * @param source the graph to write
     * @param weights the weights, under the names of the graph's parameters
     * @param options element type, opset and other settings
     * @param metadata entries for the model's {@code metadata_props}
     * @return the files that were written, the model first
     * @throws io.github.hiera4j.model.HieraException if a weight is missing or damaged, or a file cannot be written
     */
    public static List<Path> write(
            Path target, OnnxGraph source, WeightSource weights, OnnxOptions options, Map<String, String> metadata) {
        source.graph().parameters().forEach(weights::require);
        check(
                options.dtype() != DType.INT8
                        || source.graph().parameters().keySet().stream()
                                .anyMatch(name -> weights.quantization(name).isPresent()),
                "%s: has no scales for int8: quantise the model first",
                weights.description());
        boolean prepares = source.stages().stream().anyMatch(PixelStage.class::isInstance);
        check(
                !prepares || options.opset() >= PixelStage.LEAST_OPSET,
                "preprocessing in the graph needs opset %d or later, whose Resize has antialiasing; got %d",
                PixelStage.LEAST_OPSET,
                options.opset());
        Graph graph = options.batch() == 0 ? source.graph() : source.graph().withBatch(options.batch());
        GraphTranslation.Result translated = GraphTranslation.translate(
                graph,
                weights,
                new GraphTranslation.Settings(
                        options.opset(),
                        options.floating(),
                        options.dtype() == DType.INT8,
                        Descriptions::of,
                        source.outputNames()),
                source.stages());
        GraphProto named = translated.graph().toBuilder().setName(source.name()).build();
        return OnnxFile.write(
                target, model(named, options, metadata), translated.initializers(), options.externalData());
    }

    private static ModelProto model(GraphProto graph, OnnxOptions options, Map<String, String> metadata) {
        String version = Optional.ofNullable(OnnxExport.class.getPackage().getImplementationVersion())
                .orElse("");
        ModelProto.Builder model = ModelProto.newBuilder()
                .setIrVersion(options.irVersion())
                .setProducerName(PRODUCER)
                .setProducerVersion(version)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(options.opset()))
                .setGraph(graph);
        new TreeMap<>(metadata)
                .forEach((key, value) -> model.addMetadataProps(
                        StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        return model.build();
    }
}
