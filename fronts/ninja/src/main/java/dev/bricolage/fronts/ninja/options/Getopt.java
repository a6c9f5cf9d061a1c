package dev.bricolage.fronts.ninja.options;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Options among words, as getopt_long(3) of the GNU library finds them: letters in clusters, an
 * argument in the same word or the next, long names that may be cut short, and options after
 * operands. {@code --} ends them.
 */
public final class Getopt {
  private final String letters;
  private final List<Name> names;
  private final List<String> words;
  private final List<String> operands = new ArrayList<>();
  private int at;

  /** Where the next letter of a cluster is, in the word before {@link #at}; 0 outside of one. */
  private int inCluster;

  /**
   * A long name.
   *
   * @param name without dashes
   * @param letter what it stands for
   * @param argument whether it has one
   */
  public record Name(String name, char letter, boolean argument) {
    private String dashed() {
      return "'--" + name + "'";
    }
  }

  /**
   * An option that was found.
   *
   * @param argument empty if it has none
   */
  public record Option(char letter, String argument) {}

  /**
   * Words to read.
   *
   * @param letters each letter that is an option, a colon behind those that have an argument
   */
  public Getopt(String letters, List<Name> names, List<String> words) {
    this.letters = letters;
    this.names = List.copyOf(names);
    this.words = List.copyOf(words);
  }

  /** The next option, or nothing when there is none any more. */
  public Optional<Option> next() throws BadOption {
    if (inCluster > 0) {
      return Optional.of(letter());
    }
    while (at < words.size()) {
      String word = words.get(at++);
      if (word.equals("--")) {
        break;
      }
      if (word.startsWith("--")) {
        return Optional.of(named(word.substring(2)));
      }
      if (word.length() > 1 && word.charAt(0) == '-') {
        inCluster = 1;
        return Optional.of(letter());
      }
      operands.add(word);
    }
    operands.addAll(unread());
    at = words.size();
    return Optional.empty();
  }

  /** The words that are no options, after the last option was read. */
  public List<String> operands() {
    return List.copyOf(operands);
  }

  /** The words behind the option read last. */
  public List<String> unread() {
    return words.subList(at, words.size());
  }

  private Option letter() throws BadOption {
    String word = words.get(at - 1);
    char letter = word.charAt(inCluster++);
    String rest = word.substring(inCluster);
    int known = letter == ':' ? -1 : letters.indexOf(letter);
    if (known < 0) {
      throw new BadOption("invalid option -- '" + letter + "'");
    }
    boolean argument = known + 1 < letters.length() && letters.charAt(known + 1) == ':';
    if (rest.isEmpty() || argument) {
      inCluster = 0;
    }
    if (!argument) {
      return new Option(letter, "");
    }
    if (!rest.isEmpty()) {
      return new Option(letter, rest);
    }
    if (at == words.size()) {
      throw new BadOption("option requires an argument -- '" + letter + "'");
    }
    return new Option(letter, words.get(at++));
  }

  private Option named(String word) throws BadOption {
    int equals = word.indexOf('=');
    Name name = meant(equals < 0 ? word : word.substring(0, equals), word);
    if (!name.argument()) {
      if (equals >= 0) {
        throw new BadOption("option " + name.dashed() + " doesn't allow an argument");
      }
      return new Option(name.letter(), "");
    }
    if (equals >= 0) {
      return new Option(name.letter(), word.substring(equals + 1));
    }
    if (at == words.size()) {
      throw new BadOption("option " + name.dashed() + " requires an argument");
    }
    return new Option(name.letter(), words.get(at++));
  }

  private Name meant(String start, String word) throws BadOption {
    List<Name> possible = new ArrayList<>();
    for (Name name : names) {
      if (name.name().equals(start)) {
        return name;
      }
      if (name.name().startsWith(start)) {
        possible.add(name);
      }
    }
    if (possible.isEmpty()) {
      throw new BadOption("unrecognized option '--" + word + "'");
    }
    if (possible.size() > 1) {
      throw new BadOption(
          "option '--%s' is ambiguous; possibilities: %s"
              .formatted(
                  word, possible.stream().map(Name::dashed).collect(Collectors.joining(" "))));
    }
    return possible.getFirst();
  }
}
