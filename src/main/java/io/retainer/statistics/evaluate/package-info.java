/** Measures the models of this module on anybody's files, for the command line. */
@NamedInterface("evaluate")
@NullMarked
package io.retainer.statistics.evaluate;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
