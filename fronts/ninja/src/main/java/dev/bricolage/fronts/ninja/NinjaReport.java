package dev.bricolage.fronts.ninja;

import dev.bricolage.fronts.ninja.build.Told;
import java.nio.file.Path;
import java.util.List;

/**
 * How a request came out.
 *
 * @param status ninja's exit status
 * @param folder the build folder, its real path
 * @param workspace the root of the workspace around it
 * @param told what became of edges that had something to do; not of all, if they are many
 * @param untold how many more there were
 */
public record NinjaReport(int status, Path folder, Path workspace, List<Told> told, int untold) {
  /** Nothing was built. */
  static NinjaReport ofNothing(NinjaRequest request, int status) {
    return new NinjaReport(status, request.directory(), request.directory(), List.of(), 0);
  }
}
