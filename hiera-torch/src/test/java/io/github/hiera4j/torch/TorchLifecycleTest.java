package io.github.hiera4j.torch;

import io.github.hiera4j.model.testing.SessionLifecycle;

class TorchLifecycleTest extends SessionLifecycle {
    TorchLifecycleTest() {
        super("torch");
    }

    @Override
    protected long liveBytes() {
        return TorchMemory.liveBytes();
    }
}
