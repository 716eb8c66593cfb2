/**
 * Keeps every fact in the transaction that made it, seals the facts of each contract in a Merkle tree, and hands out
 * bundles that an outsider can verify without trusting us. Nobody calls it to write: it hears.
 */
@ApplicationModule(
        displayName = "Evidence",
        allowedDependencies = {"identity"})
@NullMarked
package io.retainer.evidence;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
