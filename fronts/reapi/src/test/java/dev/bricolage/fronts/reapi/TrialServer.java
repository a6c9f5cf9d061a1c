package dev.bricolage.fronts.reapi;

import dev.bricolage.fronts.reapi.results.ActionResults;
import dev.bricolage.fronts.reapi.tenant.Holdings;
import dev.bricolage.fronts.reapi.tenant.Limits;
import dev.bricolage.fronts.reapi.tenant.Tenants;
import dev.bricolage.store.Store;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * A server for trials by hand: {@code TrialServer PORT HOME [run]}, over a store on disk, its
 * results in memory; with {@code run} it runs actions too, without a sandbox.
 */
final class TrialServer {
  private TrialServer() {}

  public static void main(String[] args) throws Exception {
    long begun = System.nanoTime();
    Store store = Store.open(Path.of(args[1]), System.err::println);
    Parts parts =
        new Parts(
            store.blobs(),
            Holdings.memory(),
            ActionResults.memory(),
            Tenants.open("", "main"),
            args.length > 2 ? Optional.of(new PlainExecutor(store.blobs())) : Optional.empty(),
            Limits.USUAL,
            InstantSource.system(),
            Throwable::printStackTrace);
    ReapiServer server =
        ReapiServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])),
            Optional.empty(),
            parts);
    System.out.printf(
        "port %d after %d ms%n", server.port(), (System.nanoTime() - begun) / 1_000_000);
    new CountDownLatch(1).await();
  }
}
