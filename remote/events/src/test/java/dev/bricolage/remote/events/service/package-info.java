/** Uploads to a service that cuts, delays and refuses. */
@NullMarked
package dev.bricolage.remote.events.service;

import org.jspecify.annotations.NullMarked;
