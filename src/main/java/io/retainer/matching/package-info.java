/**
 * Finds the records that speak of the same person or company: normalises, blocks, compares, weighs by Fellegi and Sunter
 * without training, clusters, and gives its reasons. Pure: streams in, results out; knows no database, clock or tenant.
 */
@ApplicationModule(
        displayName = "Matching",
        allowedDependencies = {})
@NullMarked
package io.retainer.matching;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
