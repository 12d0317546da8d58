package io.github.hiera4j.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.backend.Backends;
import io.github.hiera4j.model.backend.CompileOptions;
import org.junit.jupiter.api.Test;

/** How the backend presents itself. */
class OneDnnBackendTest {
    @Test
    void theServiceLoaderFindsItAndPrefersIt() {
        assertThat(Backends.preferred(CompileOptions.DEFAULT)).isInstanceOf(OneDnnBackend.class);
        assertThat(Backends.named("onednn")).isInstanceOf(OneDnnBackend.class);
    }

    @Test
    void itsAvailabilityNamesVersionAndInstructionSet() {
        assertThat(new OneDnnBackend().availability().detail()).matches("oneDNN 3\\.\\d+\\.\\d+, .+");
    }
}
