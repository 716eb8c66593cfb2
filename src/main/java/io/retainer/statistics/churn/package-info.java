/** The risk that a customer leaves, learnt from labelled records of any columns, calibrated and with reasons. */
@NamedInterface("churn")
@NullMarked
package io.retainer.statistics.churn;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
