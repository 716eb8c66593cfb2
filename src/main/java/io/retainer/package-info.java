@NullMarked
package io.retainer;

import org.jspecify.annotations.NullMarked;
