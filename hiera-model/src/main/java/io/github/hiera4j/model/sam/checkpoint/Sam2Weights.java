package io.github.hiera4j.model.sam.checkpoint;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.DerivedWeights;
import io.github.hiera4j.model.weights.Lookup;
import io.github.hiera4j.model.weights.TensorInfo;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.Map;
import java.util.Set;

/** A file's tensors under the names of the original checkpoints; some are single rows of a table. */
final class Sam2Weights extends DerivedWeights {
    private final Map<String, Sam2Keys.Place> places;

    Sam2Weights(WeightSource source, Map<String, Sam2Keys.Place> places) {
        super(source);
        this.places = places;
    }

    @Override
    public Set<String> names() {
        return places.keySet();
    }

    @Override
    public TensorInfo info(String name) {
        Sam2Keys.Place place = Lookup.tensor(places, name, description());
        TensorInfo whole = super.info(place.name());
        if (place.row() < 0) {
            return whole;
        }
        Shape table = whole.shape();
        check(
                table.rank() == 2 && table.size(0) > place.row(),
                "%s: the tensor '%s' must be a table of more than %d rows, got %s",
                description(),
                Printable.of(place.name()),
                place.row(),
                table);
        return new TensorInfo(whole.dtype(), table.withSize(0, 1));
    }

    @Override
    public HostTensor read(String name) {
        Sam2Keys.Place place = Lookup.tensor(places, name, description());
        HostTensor whole = super.read(place.name());
        return place.row() < 0
                ? whole
                : whole.slice(place.row()).reshape(info(name).shape());
    }
}
