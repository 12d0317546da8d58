package io.github.hiera4j.api.internal;

import io.github.hiera4j.model.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;

/** Splits the results of a batch into those of its views, and combines these into the result of an input. */
public final class ViewResults {
    private ViewResults() {}

    /**
     * {@return the entries of the leading axis}
     *
     * @param batch {@code [B, ..]}
     */
    public static List<HostTensor> rows(HostTensor batch) {
        List<HostTensor> rows = new ArrayList<>();
        for (int row = 0; row < batch.shape().size(0); row++) {
            rows.add(batch.slice(row));
        }
        return rows;
    }

    /**
     * {@return the mean over views}
     *
     * @param views tensors of the same shape, at least one
     */
    public static float[] average(List<HostTensor> views) {
        float[] mean = new float[views.get(0).elements()];
        for (HostTensor view : views) {
            float[] values = view.toFloats();
            for (int i = 0; i < mean.length; i++) {
                mean[i] += values[i] / views.size();
            }
        }
        return mean;
    }
}
