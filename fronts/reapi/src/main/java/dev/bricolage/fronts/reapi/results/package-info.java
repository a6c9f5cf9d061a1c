/**
 * The action cache: {@link dev.bricolage.fronts.reapi.results.ActionResults} keeps results by
 * tenant and action, {@link dev.bricolage.fronts.reapi.results.ActionCacheService} is its door. It
 * is a hint: a result whose blobs are not all there is as good as none.
 */
@NullMarked
package dev.bricolage.fronts.reapi.results;

import org.jspecify.annotations.NullMarked;
