/**
 * Sorts short Chinese and English texts by what people decided about others like them. Pure: texts in, labels out; no
 * database, no clock, no framework.
 */
@ApplicationModule(
        displayName = "Text",
        allowedDependencies = {})
@NullMarked
package io.retainer.text;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
