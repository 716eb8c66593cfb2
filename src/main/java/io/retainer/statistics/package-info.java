/**
 * Pure algorithms: intervals, tests and sample sizes here, buying behaviour in {@code value}, the risk of leaving in
 * {@code churn}. Data in, results out; no database, no clock, no framework. Each result says on what data it stands, by
 * which method, and how sure it is; where the data are too few it says so instead of giving a number.
 */
@ApplicationModule(
        displayName = "Statistics",
        allowedDependencies = {"text"})
@NullMarked
package io.retainer.statistics;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
