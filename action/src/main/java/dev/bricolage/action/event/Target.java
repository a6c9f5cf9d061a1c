package dev.bricolage.action.event;

/**
 * Something that can be asked for.
 *
 * @param path absolute: of the file it makes, or where a file of its name would lie
 * @param kind the name of the rule that makes it; empty for a source
 */
public record Target(String path, String kind) {}
