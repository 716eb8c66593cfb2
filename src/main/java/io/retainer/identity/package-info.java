/** Who people are, where they belong, how they sign in, and the question what they may do now. */
@ApplicationModule(
        displayName = "Identity",
        allowedDependencies = {})
@NullMarked
package io.retainer.identity;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
