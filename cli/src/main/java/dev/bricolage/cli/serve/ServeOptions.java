package dev.bricolage.cli.serve;

import dev.bricolage.fronts.reapi.Tls;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * {@code bric serve}.
 *
 * @param instances those that anybody may use who reaches the server; none when there are tenants
 * @param tenants the file that says who may do what
 * @param executes whether actions are run, or the server is a cache
 * @param updates whether those who use {@code instances} may write results themselves
 * @param jobs how many actions run side by side
 * @param blobBytes how large a blob may be, if not as large as usual
 * @param metrics where Prometheus finds its numbers
 * @param otlp the collector that hears where its time goes, a URL
 */
public record ServeOptions(
    InetSocketAddress address,
    List<String> instances,
    Optional<Path> tenants,
    Optional<Tls> tls,
    boolean executes,
    boolean updates,
    int jobs,
    OptionalLong blobBytes,
    Optional<InetSocketAddress> metrics,
    Optional<String> otlp) {}
