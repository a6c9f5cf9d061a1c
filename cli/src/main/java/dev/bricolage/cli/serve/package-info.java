/**
 * {@code bric serve}: the house's store and sandboxes behind the Remote Execution API. {@link
 * dev.bricolage.cli.serve.Serving} puts the server together; who may do what is read from {@link
 * dev.bricolage.cli.serve.TenantsFile}; what tenants hold and have had done is kept in the store.
 */
@NullMarked
package dev.bricolage.cli.serve;

import org.jspecify.annotations.NullMarked;
