package dev.bricolage.remote.client;

import dev.bricolage.remote.client.line.RemoteFailure;
import dev.bricolage.remote.client.line.RemoteOptions;

/** What a daemon does with the client that has no server: a program for {@link StartTest}. */
final class Unused {
  private Unused() {}

  public static void main(String[] args) throws Exception {
    RemoteOptions options = RemoteOptions.parse("grpc://localhost:1");
    RemoteFailure failure = new RemoteFailure(RemoteFailure.Kind.UNAVAILABLE, "no");
    System.out.println(options + " " + failure.kind() + " " + Class.forName(args[0]));
    if (args.length > 1) {
      Remote.open(options, System.out::println).close();
    }
  }
}
