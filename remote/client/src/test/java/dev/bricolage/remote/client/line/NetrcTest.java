package dev.bricolage.remote.client.line;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bricolage.remote.client.line.Netrc.Login;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class NetrcTest {
  private static final String TEXT =
      """
      # ours
      machine one.example login me password secret # and why
      machine
        two.example
        account x
        login "with blank"
        password "quo\\"te"
      macdef init
        machine three.example login no password no

      machine four.example password only
      default login anonymous password guest
      machine late.example login x password y
      """;

  private static Optional<Login> at(String host) {
    return Netrc.parse(TEXT).at(host);
  }

  @Test
  void theHostsOwnEntryCounts() {
    assertEquals(Optional.of(new Login("me", "secret")), at("one.example"));
    assertEquals(Optional.of(new Login("me", "secret")), at("ONE.example"));
    assertEquals(Optional.of(new Login("with blank", "quo\"te")), at("two.example"));
    assertEquals(Optional.of(new Login("", "only")), at("four.example"));
    assertEquals(Optional.of(new Login("x", "y")), at("late.example"));
  }

  @Test
  void everyOtherHostHasTheDefault() {
    assertEquals(Optional.of(new Login("anonymous", "guest")), at("three.example"));
    assertEquals(Optional.empty(), Netrc.parse("machine a login b password c").at("other"));
  }

  @Test
  void whatEndsInTheMiddleIsNoFailure() {
    assertEquals(Optional.empty(), Netrc.parse("").at("a"));
    assertEquals(Optional.of(new Login("", "")), Netrc.parse("machine a login").at("a"));
    assertEquals(
        Optional.of(new Login("b", "c")), Netrc.parse("machine a login b password \"c").at("a"));
  }

  @Test
  void passwordsDoNotShow() {
    assertEquals("me", new Login("me", "secret").toString());
  }
}
