package io.github.hiera4j.spark;

import java.net.URI;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** A Hadoop file system other than the local one: the files of this machine under another scheme. */
public final class OtherFileSystem extends RawLocalFileSystem {
    @Override
    public URI getUri() {
        return URI.create("test:///");
    }

    @Override
    public String getScheme() {
        return "test";
    }
}
