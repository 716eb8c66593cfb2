/**
 * Personal data: encrypted per client, found by blind indexes, masked by default, revealed for a purpose and on the
 * record. The only module that can decrypt.
 */
@ApplicationModule(
        displayName = "Vault",
        allowedDependencies = {"identity"})
@NullMarked
package io.retainer.vault;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
