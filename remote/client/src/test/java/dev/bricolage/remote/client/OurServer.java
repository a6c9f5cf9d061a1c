package dev.bricolage.remote.client;

import dev.bricolage.fronts.reapi.Parts;
import dev.bricolage.fronts.reapi.ReapiServer;
import dev.bricolage.fronts.reapi.execution.ActionExecutor;
import dev.bricolage.fronts.reapi.results.ActionResults;
import dev.bricolage.fronts.reapi.tenant.Holdings;
import dev.bricolage.fronts.reapi.tenant.Limits;
import dev.bricolage.fronts.reapi.tenant.Tenants;
import dev.bricolage.remote.client.line.RemoteOptions;
import dev.bricolage.store.MemoryBlobs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Optional;

/** {@code bric serve}'s own server, over memory. */
final class OurServer implements AutoCloseable {
  final MemoryBlobs blobs = new MemoryBlobs();
  final ReapiServer server;

  OurServer() throws IOException {
    this(Optional.empty());
  }

  OurServer(Optional<ActionExecutor> executor) throws IOException {
    Parts parts =
        new Parts(
            blobs,
            Holdings.memory(),
            ActionResults.memory(),
            Tenants.open(""),
            executor,
            Limits.USUAL,
            InstantSource.system(),
            Throwable::printStackTrace);
    server =
        ReapiServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Optional.empty(), parts);
  }

  RemoteOptions options() {
    return RemoteOptions.parse("grpc://127.0.0.1:" + server.port());
  }

  @Override
  public void close() {
    server.close();
  }
}
