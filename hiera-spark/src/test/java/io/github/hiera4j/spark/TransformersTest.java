package io.github.hiera4j.spark;

import static io.github.hiera4j.spark.ResultTable.byName;
import static io.github.hiera4j.spark.ResultTable.floats;
import static io.github.hiera4j.spark.ResultTable.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.api.Classification;
import io.github.hiera4j.api.FeatureMap;
import io.github.hiera4j.api.HieraBackbone;
import io.github.hiera4j.api.HieraClassifier;
import io.github.hiera4j.api.MediaResult;
import io.github.hiera4j.api.segment.HieraSegmenter;
import io.github.hiera4j.detect.Detection;
import io.github.hiera4j.detect.DetectorOptions;
import io.github.hiera4j.detect.HieraDetector;
import io.github.hiera4j.detect.testing.NanoDetectorFile;
import io.github.hiera4j.model.testing.TestFiles;
import io.github.hiera4j.spark.executor.SharedModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.IndexToString;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The transformers in a session of this JVM. */
@OnSparksJava
class TransformersTest {
    private static final Path CLASSIFIER = TestFiles.checkpoint("nano_official.pth");
    private static final Path MEDIA = TestFiles.resource("/mixed");

    private static SparkSession spark;

    @TempDir
    static Path directory;

    @BeforeAll
    static void start() {
        spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", false)
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", 2)
                .config(
                        "spark.sql.warehouse.dir",
                        directory.resolve("warehouse").toString())
                .getOrCreate();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private static Dataset<Row> files() {
        return spark.read().format("binaryFile").load(MEDIA.toString());
    }

    @Test
    void pathsAndContentGiveTheEmbeddingsOfTheLibraryAndBadFilesAnError() {
        EmbeddingTransformer embed = new EmbeddingTransformer().setWeights(CLASSIFIER.toString());
        Map<String, Row> byPath = byName(embed.transform(files().select("path")));
        Map<String, Row> byContent =
                byName(embed.setInputCol("content").transform(files()).drop("content"));
        assertThat(byPath).hasSize(11); // binaryFile skips the empty one
        try (HieraBackbone backbone = HieraBackbone.load(CLASSIFIER)) {
            int failed = 0;
            for (MediaResult<float[]> result : backbone.embedAll(
                            byPath.keySet().stream().map(MEDIA::resolve), backbone.readOptions())
                    .toList()) {
                String name = result.input().file().orElseThrow().getFileName().toString();
                for (Row row : List.of(byPath.get(name), byContent.get(name))) {
                    assertThat(row.getList(row.fieldIndex("warnings"))).as(name).hasSameSizeAs(result.warnings());
                    if (result.value().isPresent()) {
                        assertThat(row.<String>getAs("error")).as(name).isNull();
                        assertThat(floats(row, "embedding")).as(name).containsExactly(result.orThrow(), within(1e-5f));
                    } else {
                        failed++;
                        assertThat(row.<Object>getAs("embedding")).as(name).isNull();
                        assertThat(row.<String>getAs("error")).contains(name);
                    }
                }
            }
            assertThat(failed).isGreaterThan(4);
        }
    }

    @Test
    void classesHaveLabelsAlsoInTheMetadata() {
        Dataset<Row> rows = new ClassificationTransformer()
                .setWeights(CLASSIFIER.toString())
                .setTopK(3)
                .transform(files().select("path"));
        Map<String, Row> byName = byName(new IndexToString()
                .setInputCol("prediction")
                .setOutputCol("label")
                .transform(rows.where("error is null")));
        try (HieraClassifier classifier = HieraClassifier.load(CLASSIFIER)) {
            List<Classification> expected = classifier.classify(MEDIA.resolve("portrait.png"), 3);
            Row row = row(byName, "portrait.png");
            List<Row> predictions = row.getList(row.fieldIndex("predictions"));
            assertThat(predictions).hasSize(3);
            for (int i = 0; i < 3; i++) {
                assertThat(predictions.get(i).getInt(0))
                        .isEqualTo(expected.get(i).index());
                assertThat(predictions.get(i).getString(1))
                        .isEqualTo(expected.get(i).label());
                assertThat(predictions.get(i).getDouble(2))
                        .isCloseTo(expected.get(i).probability(), within(1e-6));
            }
            assertThat(row.<Double>getAs("prediction"))
                    .isEqualTo((double) expected.get(0).index());
            assertThat(row.<String>getAs("label")).isEqualTo(expected.get(0).label());
            assertThat(rows.schema().apply("predictions").metadata().getStringArray(MediaTransformer.LABELS))
                    .containsExactlyElementsOf(classifier.labels().names());
        }
    }

    @Test
    void featuresHaveAxesAndShapes() {
        Dataset<Row> rows = new FeatureTransformer()
                .setWeights(CLASSIFIER.toString())
                .setStage(2)
                .transform(files().select("path").where("path like '%portrait.png'"));
        Row map =
                rows.select(functions.explode(functions.col("features"))).head().getStruct(0);
        try (HieraBackbone backbone = HieraBackbone.load(CLASSIFIER)) {
            FeatureMap expected =
                    backbone.features(MEDIA.resolve("portrait.png")).get(1);
            assertThat(map.getInt(0)).isEqualTo(2);
            assertThat(map.<String>getList(1)).containsExactly("H", "W", "C");
            assertThat(map.<Integer>getList(2))
                    .containsExactlyElementsOf(
                            Arrays.stream(expected.values().shape().sizes())
                                    .boxed()
                                    .toList());
            assertThat(floats(map, "values")).containsExactly(expected.values().toFloats(), within(1e-4f));
        }
    }

    @Test
    void detectionsAreThoseOfTheLibraryAndVideosAnError() throws IOException {
        Path weights = Files.createDirectory(directory.resolve("detector"));
        NanoDetectorFile.write(weights);
        Map<String, Row> rows = byName(new DetectionTransformer()
                .setWeights(weights.toString())
                .setThreshold(0)
                .setBatchSize(3)
                .transform(files().select("path")));
        try (HieraDetector detector = HieraDetector.load(weights, DetectorOptions.DEFAULT.withThreshold(0))) {
            for (String name : List.of("portrait.png", "gray.jpg", "tiny.png")) {
                List<Detection> expected = detector.detect(MEDIA.resolve(name));
                List<Row> found = row(rows, name).getList(row(rows, name).fieldIndex("detections"));
                assertThat(found).as(name).hasSameSizeAs(expected);
                for (int i = 0; i < found.size(); i++) {
                    assertThat(found.get(i).<Double>getAs("score"))
                            .isCloseTo(expected.get(i).score(), within(1e-4));
                    assertThat(found.get(i).<String>getAs("label"))
                            .isEqualTo(expected.get(i).label());
                }
            }
        }
        assertThat(row(rows, "short_7f.mp4").<String>getAs("error")).contains("is a video");
        assertThat(row(rows, "truncated.jpg").<String>getAs("error")).contains("truncated.jpg");
    }

    @Test
    void masksAreThoseOfTheLibrary() {
        Path weights = TestFiles.checkpoint("sam2_nano_hf");
        SegmentationTransformer segment = new SegmentationTransformer()
                .setWeights(weights.toString())
                .setPointsPerSide(3)
                .setMinQuality(0)
                .setMinStability(0);
        Map<String, Row> rows =
                byName(segment.transform(files().select("path").where("path like '%t%.png' or path like '%mp4'")));
        try (HieraSegmenter segmenter = HieraSegmenter.load(weights)) {
            var settings = io.github.hiera4j.api.segment.AutomaticSettings.DEFAULT
                    .withPointsPerSide(3)
                    .withThresholds(0, 0);
            var expected = segmenter.segmentEverything(
                    io.github.hiera4j.media.image.ImageReader.read(MEDIA.resolve("tiny.png")), settings);
            Row row = row(rows, "tiny.png");
            List<Row> masks = row.getList(row.fieldIndex("masks"));
            assertThat(masks).hasSameSizeAs(expected).isNotEmpty();
            for (int i = 0; i < masks.size(); i++) {
                assertThat(masks.get(i).getStruct(0).getString(1))
                        .isEqualTo(expected.get(i).runs().compressed());
            }
        }
        assertThat(row(rows, "short_7f.mp4").<String>getAs("error")).contains("is a video");
    }

    @Test
    void aSavedPipelineComputesTheSame() throws IOException {
        Dataset<Row> one = files().select("path").where("path like '%portrait.png'");
        PipelineStage[] stages = {
            new EmbeddingTransformer()
                    .setWeights(CLASSIFIER.toString())
                    .setNormalize(true)
                    .setBatchSize(2)
                    .setErrorCol("fault")
        };
        PipelineModel model = new Pipeline().setStages(stages).fit(one);
        String path = directory.resolve("pipeline").toString();
        model.write().overwrite().save(path);
        PipelineModel loaded = PipelineModel.load(path);
        float[] vector = floats(loaded.transform(one).head(), "embedding");
        assertThat(vector).containsExactly(floats(model.transform(one).head(), "embedding"), within(0f));
        double squares = 0;
        for (float element : vector) {
            squares += element * element;
        }
        assertThat(squares).isCloseTo(1, within(1e-5));
        EmbeddingTransformer stage = (EmbeddingTransformer) loaded.stages()[0];
        assertThat(stage.getBatchSize()).isEqualTo(2);
        assertThat(stage.isNormalize()).isTrue();
        assertThat(stage.uid()).isEqualTo(stages[0].uid());
        for (MediaTransformer<?> each :
                List.of(new ClassificationTransformer().setTopK(7), new DetectionTransformer().setThreshold(0.25))) {
            String file = directory.resolve(each.uid()).toString();
            each.setWeights("w").write().save(file);
            assertThat(org.apache.spark.ml.util.DefaultParamsReader.<MediaTransformer<?>>loadParamsInstance(file, spark)
                            .explainParams())
                    .isEqualTo(each.explainParams());
        }
    }

    @Test
    void rowsWithoutAFileAndWithStrangePathsGetAnError() {
        StructType schema = new StructType().add("path", DataTypes.StringType);
        Dataset<Row> rows = spark.createDataFrame(
                List.of(
                        RowFactory.create((Object) null),
                        RowFactory.create(""),
                        RowFactory.create("gopher://host/x.jpg"),
                        RowFactory.create("/missing/x.jpg"),
                        RowFactory.create("a\u0000b"),
                        RowFactory.create(MEDIA.resolve("portrait.png").toString())),
                schema);
        List<Row> results = new EmbeddingTransformer()
                .setWeights(CLASSIFIER.toString())
                .transform(rows)
                .collectAsList();
        assertThat(results).hasSize(6);
        for (Row row : results.subList(0, 5)) {
            assertThat(row.<String>getAs("error")).isNotBlank();
            assertThat(row.<Object>getAs("embedding")).isNull();
        }
        assertThat(results.get(5).<String>getAs("error")).isNull();
    }

    @Test
    void tasksShareOneModelAndHadoopsFileSystemsHaveWeightsAndPictures() throws IOException {
        Path copy = Files.copy(CLASSIFIER, directory.resolve("shared.pth"));
        EmbeddingTransformer embed = new EmbeddingTransformer().setWeights("test:" + copy);
        spark.sparkContext().hadoopConfiguration().set("fs.test.impl", OtherFileSystem.class.getName());
        Dataset<Row> paths = files().select("path").where("path like '%p%.png'");
        Dataset<Row> remote = paths.withColumn("path", functions.expr("replace(path, 'file:', 'test:')"));
        long before = SharedModels.loads();
        Map<String, Row> rows = byName(embed.transform(remote.repartition(4)));
        assertThat(SharedModels.loads() - before).isEqualTo(1);
        assertThat(row(rows, "portrait.png").<String>getAs("error")).isNull();
        Map<String, Row> local = byName(
                new EmbeddingTransformer().setWeights(CLASSIFIER.toString()).transform(paths));
        assertThat(floats(row(rows, "portrait.png"), "embedding"))
                .containsExactly(floats(row(local, "portrait.png"), "embedding"), within(1e-5f));
        assertThat(SharedModels.open()).isLessThanOrEqualTo(2);
    }
}
