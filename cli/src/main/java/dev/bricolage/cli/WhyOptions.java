package dev.bricolage.cli;

import java.nio.file.Path;
import java.util.Optional;

/**
 * {@code bric why}.
 *
 * @param directory where it was asked, absolute: without an id, its workspace's last run is meant
 * @param id of the run to explain
 * @param json whether to answer in JSON
 */
public record WhyOptions(Path directory, Optional<String> id, boolean json) {}
