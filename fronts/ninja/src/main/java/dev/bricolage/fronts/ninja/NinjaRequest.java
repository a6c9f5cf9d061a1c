package dev.bricolage.fronts.ninja;

import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What the user asks of ninja.
 *
 * @param directory where ninja runs, {@code -C} applied
 * @param words the command line
 * @param users the user's environment
 * @param width of the terminal, empty where standard output is none
 * @param colours whether escape sequences may be written
 */
public record NinjaRequest(
    Path directory,
    NinjaWords words,
    Map<String, String> users,
    OptionalInt width,
    boolean colours) {}
