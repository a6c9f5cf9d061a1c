package dev.bricolage.fronts.ninja.build;

/**
 * What {@code -d} asks of a build.
 *
 * @param explain whether it is told why an edge runs
 * @param keepDepfiles whether depfiles stay that were read
 * @param keepResponseFiles whether response files stay of commands that ended well
 * @param missingDeps whether it is told what edges needed and did not say
 */
public record Debug(
    boolean explain, boolean keepDepfiles, boolean keepResponseFiles, boolean missingDeps) {}
