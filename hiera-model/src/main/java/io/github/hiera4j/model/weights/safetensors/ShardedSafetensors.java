package io.github.hiera4j.model.weights.safetensors;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.Json;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.weights.Lookup;
import io.github.hiera4j.model.weights.TensorInfo;
import io.github.hiera4j.model.weights.WeightSource;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Several safetensors files with a common {@code *.safetensors.index.json}, read as one source. */
public final class ShardedSafetensors implements WeightSource {
    /** A plain file name: a shard must not be outside the index's directory. */
    private static final Pattern SHARD_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,200}\\.safetensors");

    private static final int MOST_SHARDS = 1000;

    private final Path index;
    private final Map<String, SafetensorsFile> shards;
    private final Map<String, SafetensorsFile> shardOfTensor;

    private ShardedSafetensors(
            Path index, Map<String, SafetensorsFile> shards, Map<String, SafetensorsFile> shardOfTensor) {
        this.index = index;
        this.shards = shards;
        this.shardOfTensor = shardOfTensor;
    }

    /**
     * Opens the index and every shard it names; they must agree on the location of every tensor.
     *
     * @param index the {@code .safetensors.index.json}
     * @return the tensors of all shards; the caller closes them
     */
    public static ShardedSafetensors open(Path index) {
        JsonNode weightMap = Json.readObject(index).path("weight_map");
        check(weightMap.isObject() && !weightMap.isEmpty(), "%s: expected an index with a weight_map", index);
        ShardedSafetensors opened = new ShardedSafetensors(index, new LinkedHashMap<>(), new LinkedHashMap<>());
        try {
            for (Map.Entry<String, JsonNode> entry : weightMap.properties()) {
                opened.add(entry.getKey(), entry.getValue());
            }
            opened.checkNothingIsLeftOver();
            return opened;
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private void add(String tensor, JsonNode shardName) {
        String name = shardName.isString() ? shardName.stringValue() : "";
        check(
                SHARD_NAME.matcher(name).matches(),
                "%s: '%s' is not the name of a shard beside the index",
                index,
                Printable.of(shardName));
        SafetensorsFile shard = shards.get(name);
        if (shard == null) {
            check(shards.size() < MOST_SHARDS, "%s: names more than %d shards", index, MOST_SHARDS);
            shard = openShard(name);
            shards.put(name, shard);
        }
        check(shard.contains(tensor), "%s: tensor '%s' is not in shard %s", index, Printable.of(tensor), name);
        shardOfTensor.put(tensor, shard);
    }

    private SafetensorsFile openShard(String name) {
        Path path = index.resolveSibling(name);
        try {
            return SafetensorsFile.open(path);
        } catch (HieraException e) {
            throw e.withMessage(index + ": shard " + name + " cannot be used: " + e.getMessage());
        }
    }

    private void checkNothingIsLeftOver() {
        for (SafetensorsFile shard : shards.values()) {
            for (String tensor : shard.names()) {
                check(
                        shardOfTensor.get(tensor) == shard,
                        "%s: tensor '%s' of shard %s is not in the index, or is assigned to another shard",
                        index,
                        Printable.of(tensor),
                        shard.description());
            }
        }
    }

    @Override
    public String description() {
        return index.toString();
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(shardOfTensor.keySet());
    }

    @Override
    public TensorInfo info(String name) {
        return shard(name).info(name);
    }

    @Override
    public HostTensor read(String name) {
        return shard(name).read(name);
    }

    @Override
    public void readInto(String name, HostTensor target) {
        shard(name).readInto(name, target);
    }

    @Override
    public void close() {
        shards.values().forEach(SafetensorsFile::close);
    }

    private SafetensorsFile shard(String name) {
        return Lookup.tensor(shardOfTensor, name, index);
    }
}
