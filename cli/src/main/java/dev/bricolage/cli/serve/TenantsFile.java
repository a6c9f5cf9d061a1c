package dev.bricolage.cli.serve;

import dev.bricolage.fronts.reapi.tenant.Grants;
import dev.bricolage.fronts.reapi.tenant.Tenant;
import dev.bricolage.workspace.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Who may do what, a line each: {@code INSTANCE token=SHA256 [execute] [update] [quota=BYTES]
 * [until=TIME]}, or {@code subject=NAME} for a client's certificate, with {@code _} for each space
 * of the name. Lines that begin with {@code #} say nothing.
 */
final class TenantsFile {
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  private static final Pattern SPACE = Pattern.compile("\\s+");

  private TenantsFile() {}

  /**
   * Reads it.
   *
   * @throws UserError naming the line that is not understood
   */
  static List<Grants.Grant> read(Path file) throws IOException {
    List<Grants.Grant> grants = new ArrayList<>();
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      String text = line.strip();
      if (!text.isEmpty() && !text.startsWith("#")) {
        grants.add(grant(text, file + ":" + number));
      }
    }
    return grants;
  }

  private static Grants.Grant grant(String line, String place) throws UserError {
    String[] words = SPACE.split(line, -1);
    boolean executes = false;
    boolean updates = false;
    long quota = 0;
    Optional<Instant> until = Optional.empty();
    Optional<Grants.Shown> shown = Optional.empty();
    for (int i = 1; i < words.length; i++) {
      String word = words[i];
      String value = word.substring(word.indexOf('=') + 1);
      switch (word.substring(0, word.length() - value.length())) {
        case "token=" -> shown = one(shown, token(value, place), place);
        case "subject=" ->
            shown = one(shown, new Grants.Certificate(value.replace('_', ' ')), place);
        case "quota=" -> quota = quota(value, place);
        case "until=" -> until = Optional.of(instant(value, place));
        default -> {
          executes |= word.equals("execute");
          updates |= word.equals("update");
          if (!word.equals("execute") && !word.equals("update")) {
            throw new UserError(
                place
                    + ": '"
                    + word
                    + "': write execute, update, token=, subject=, quota=, until=");
          }
        }
      }
    }
    if (shown.isEmpty()) {
      throw new UserError(place + ": says not what the caller shows: add token= or subject=");
    }
    return new Grants.Grant(shown.get(), new Tenant(words[0], updates, executes, quota), until);
  }

  private static Optional<Grants.Shown> one(
      Optional<Grants.Shown> before, Grants.Shown shown, String place) throws UserError {
    if (before.isPresent()) {
      throw new UserError(place + ": two things to show: give each a line of its own");
    }
    return Optional.of(shown);
  }

  private static Grants.Token token(String hash, String place) throws UserError {
    if (!HASH.matcher(hash).matches()) {
      throw new UserError(
          place + ": token= takes the token's SHA-256 in hex: printf %s TOKEN | sha256sum");
    }
    return new Grants.Token(hash);
  }

  private static long quota(String bytes, String place) throws UserError {
    try {
      long number = Long.parseLong(bytes);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new UserError(place + ": quota=" + bytes + ": not a number of bytes");
  }

  private static Instant instant(String text, String place) throws UserError {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new UserError(
          place + ": until=" + text + ": write a time such as 2027-01-31T00:00:00Z");
    }
  }
}
