package dev.bricolage.fronts.ninja.status;

/**
 * How far a build is.
 *
 * @param started edges that were started
 * @param running of these, the ones under way; the one whose end is being told counts
 * @param finished edges that ended
 * @param total edges that there are to run
 * @param elapsedMillis since the build began
 * @param currentRate edges a second of late, from a {@link CurrentRate}; negative if not known
 */
public record Progress(
    int started, int running, int finished, int total, long elapsedMillis, double currentRate) {}
