package dev.bricolage.fronts.ninja.standing;

import dev.bricolage.store.host.Stillness;
import dev.bricolage.workspace.Workspace;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Targets that were up to date, and all that was looked at to know it. While nothing of that
 * changes, they are.
 *
 * @param of what had been built
 * @param ignores the user's own ignore file
 * @param products how often products had been changed
 * @param files every path that was looked at
 */
public record Still(
    Standing of, Workspace workspace, Optional<Path> ignores, long products, Stillness files) {

  /** Whether it was found out of this standing, in the same surroundings. */
  @SuppressWarnings("ReferenceEquality") // a standing is as it is, and comparing all of it is slow
  public boolean isOf(Standing standing, Workspace today, Optional<Path> todaysIgnores) {
    return of == standing && workspace.equals(today) && ignores.equals(todaysIgnores);
  }

  /** Whether nothing has changed since. */
  public boolean lasts(long todaysProducts) {
    return products == todaysProducts && files.lasts();
  }
}
