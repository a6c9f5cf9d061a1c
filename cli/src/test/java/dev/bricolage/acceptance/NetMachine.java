package dev.bricolage.acceptance;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A machine, as far as the network tells: a namespace with a line to this one. Only root can make
 * it.
 *
 * @param line the name of the line's end here
 * @param network the first three numbers of both ends' addresses; here .1, there .2
 */
record NetMachine(String name, String line, String network) {
  static NetMachine open(String name, String line, String network) throws Exception {
    NetMachine machine = new NetMachine(name, line, network);
    machine.remove(); // a run that was cut off may have left it
    ip("netns", "add", name);
    ip("link", "add", line, "type", "veth", "peer", "name", "eth0", "netns", name);
    ip("addr", "add", machine.here() + "/24", "dev", line);
    ip("link", "set", line, "up");
    ip("-n", name, "addr", "add", machine.there() + "/24", "dev", "eth0");
    ip("-n", name, "link", "set", "eth0", "up");
    ip("-n", name, "link", "set", "lo", "up");
    ip("-n", name, "route", "add", "default", "via", machine.here());
    return machine;
  }

  /** This machine's address, as that one sees it. */
  String here() {
    return network + ".1";
  }

  /** Its own address. */
  String there() {
    return network + ".2";
  }

  private static void ip(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(words));
    Host.succeeds(Path.of("/"), command.toArray(String[]::new));
  }

  void remove() throws Exception {
    Host.succeeds(
        Path.of("/"),
        "sh",
        "-c",
        "ip link del %s 2>/dev/null; ip netns del %s 2>/dev/null; true".formatted(line, name));
  }
}
