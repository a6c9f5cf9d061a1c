package dev.bricolage.fronts.ninja;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What the user asks of ninja.
 *
 * @param directory where ninja runs, {@code -C} applied
 * @param file the manifest's name, {@code -f}
 * @param targets as the user wrote them; none for the default
 * @param jobs {@code -j}, at least 1
 * @param keepGoing {@code -k}: how many edges may fail; 0 for any number
 * @param verbose {@code -v}
 * @param quiet {@code --quiet}
 * @param fresh every edge runs, known or not
 * @param users the user's environment
 * @param width of the terminal, empty where standard output is none
 * @param colours whether escape sequences may be written
 */
public record NinjaRequest(
    Path directory,
    String file,
    List<String> targets,
    int jobs,
    int keepGoing,
    boolean verbose,
    boolean quiet,
    boolean fresh,
    Map<String, String> users,
    OptionalInt width,
    boolean colours) {}
