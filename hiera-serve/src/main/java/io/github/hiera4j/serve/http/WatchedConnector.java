package io.github.hiera4j.serve.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * A connector whose connections can tell whether the client has closed them. The HTTP library reads from a connection only
 * between requests, so it would not notice while a request is answered.
 */
final class WatchedConnector extends ServerConnector {
    WatchedConnector(Server server, HttpConfiguration configuration) {
        super(server, new HttpConnectionFactory(configuration));
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
        SocketChannelEndPoint endPoint = new Watched(channel, selector, key, getScheduler());
        endPoint.setIdleTimeout(getIdleTimeout());
        return endPoint;
    }

    /**
     * Returns whether the client has closed the connection, or its sending half. May be called only after the whole
     * body of the request has been read.
     */
    static boolean isClosedByClient(EndPoint endPoint) {
        return !endPoint.isOpen() || (endPoint instanceof Watched watched && watched.isClosedByClient());
    }

    /** A connection that can be probed: if the probe reads the first byte of the next request, it is kept for the HTTP library. */
    private static final class Watched extends SocketChannelEndPoint {
        private @Nullable ByteBuffer early;

        Watched(SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
            super(channel, selector, key, scheduler);
        }

        synchronized boolean isClosedByClient() {
            if (early != null) {
                return false;
            }
            ByteBuffer one = ByteBuffer.allocate(1);
            try {
                int count = getChannel().read(one);
                if (count > 0) {
                    early = one.flip();
                }
                return count < 0;
            } catch (IOException reset) {
                return true;
            }
        }

        @Override
        public synchronized int fill(ByteBuffer buffer) throws IOException {
            ByteBuffer kept = early;
            if (kept == null) {
                return super.fill(buffer);
            }
            early = null;
            int position = buffer.limit(); // the library's buffers are kept ready for reading
            buffer.limit(position + 1);
            buffer.put(position, kept.get());
            return 1;
        }
    }
}
