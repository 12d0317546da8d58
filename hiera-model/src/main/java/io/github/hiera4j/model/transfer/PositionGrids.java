package io.github.hiera4j.model.transfer;

import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.ModelConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parameters of a model whose shapes depend on the input size, and the grid of positions that each of them covers. */
final class PositionGrids {
    private PositionGrids() {}

    /** Returns the grids by official name, with time first if present. Absolute-window models have none. */
    static Map<String, List<Integer>> of(ModelConfig model) {
        HieraConfig encoder = model.encoder();
        List<Integer> grid = encoder.tokenGrid();
        Map<String, List<Integer>> grids = new LinkedHashMap<>();
        if (encoder.sepPosEmbed()) {
            grids.put("pos_embed_spatial", grid.subList(1, 3));
            grids.put("pos_embed_temporal", grid.subList(0, 1));
        } else if (!encoder.absWinPosEmbed()) {
            grids.put("pos_embed", grid);
        }
        if (model instanceof MaeConfig mae) {
            grids.put("decoder_pos_embed", mae.decoderGrid());
        }
        return grids;
    }
}
