/** What customers buy and will buy: RFM, buying models, lifetime value, cohorts, change between two dates. */
@NamedInterface("value")
@NullMarked
package io.retainer.statistics.value;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
