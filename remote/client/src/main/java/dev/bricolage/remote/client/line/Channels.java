package dev.bricolage.remote.client.line;

import dev.bricolage.remote.client.line.RemoteFailure.Kind;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NegotiationType;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Opens gRPC's channels; none connects before its first call. */
final class Channels {
  /** How much of one stream may be on its way: below it a fast link waits for us all the time. */
  private static final int WINDOW_BYTES = 4 << 20;

  /** What a server says at once; its own limit is 4 MiB mostly, results may be longer. */
  private static final int MESSAGE_BYTES = 16 << 20;

  /** Servers count pings that come within five minutes as an attack, if nobody told them else. */
  private static final long PING_SECONDS = 310;

  private Channels() {}

  /**
   * Opens one.
   *
   * @throws RemoteFailure when a file for TLS cannot be read
   */
  static ManagedChannel open(RemoteOptions options, Executor executor) throws RemoteFailure {
    NettyChannelBuilder builder = options.isSocket() ? socket(options) : host(options);
    return builder
        .executor(executor)
        .flowControlWindow(WINDOW_BYTES)
        .maxInboundMessageSize(MESSAGE_BYTES)
        .keepAliveTime(PING_SECONDS, TimeUnit.SECONDS)
        .userAgent("bric")
        .disableRetry() // ours know more
        .build();
  }

  private static NettyChannelBuilder host(RemoteOptions options) throws RemoteFailure {
    NettyChannelBuilder builder =
        NettyChannelBuilder.forTarget("dns:///" + options.target().getRawAuthority());
    if (!options.isTls()) {
      return builder.negotiationType(NegotiationType.PLAINTEXT);
    }
    return builder.negotiationType(NegotiationType.TLS).sslContext(context(options));
  }

  private static NettyChannelBuilder socket(RemoteOptions options) {
    return NettyChannelBuilder.forAddress(new DomainSocketAddress(options.target().getPath()))
        .eventLoopGroup(Sockets.LOOP)
        .channelType(EpollDomainSocketChannel.class)
        .overrideAuthority("localhost")
        .negotiationType(NegotiationType.PLAINTEXT);
  }

  /** Made when the first socket is; for as long as the process lives. */
  private static final class Sockets {
    private static final EventLoopGroup LOOP =
        new MultiThreadIoEventLoopGroup(
            1,
            Thread.ofPlatform().daemon().name("remote-", 0).factory(),
            EpollIoHandler.newFactory());
  }

  private static SslContext context(RemoteOptions options) throws RemoteFailure {
    SslContextBuilder builder = GrpcSslContexts.forClient();
    try {
      if (options.tls().isPresent()) {
        RemoteOptions.TlsFiles files = options.tls().get();
        check(files.authorities());
        check(files.certificate());
        check(files.key());
        files.authorities().ifPresent(file -> builder.trustManager(file.toFile()));
        files
            .certificate()
            .ifPresent(
                file -> builder.keyManager(file.toFile(), files.key().orElseThrow().toFile()));
      }
      return builder.build();
    } catch (IOException | IllegalArgumentException e) {
      throw new RemoteFailure(
          Kind.REFUSED,
          "%s: a file for TLS cannot be used (certificates and a PKCS 8 key in PEM): %s"
              .formatted(options.target(), e.getMessage()),
          e);
    }
  }

  private static void check(Optional<Path> file) throws IOException {
    if (file.isPresent() && !Files.isReadable(file.get())) {
      throw new IOException("there is no readable file " + file.get());
    }
  }
}
