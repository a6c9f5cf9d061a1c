package dev.bricolage.remote.events;

import dev.bricolage.remote.events.service.Destination;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the events go.
 *
 * @param json a file that gets a line of JSON for each, absolute
 * @param binary a file that gets them as protobuf messages, each behind its length, absolute
 * @param service a build event service
 * @param allActions whether actions that went well are told of, too
 */
public record Publication(
    Optional<Path> json,
    Optional<Path> binary,
    Optional<Destination> service,
    boolean allActions) {}
