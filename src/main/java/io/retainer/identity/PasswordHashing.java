package io.retainer.identity;

import io.retainer.kernel.Refused;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.stereotype.Component;

/**
 * Argon2id at 46 MiB and one pass (OWASP's second choice; at least 19 MiB is asked). Only two hashes are computed at a
 * time, so that a storm of sign-ins can take neither the memory nor the processors from everybody else.
 */
@Component
class PasswordHashing {

    private static final int MEMORY_KIB = 46 * 1024;
    private static final Set<String> COMMON = Set.of(
            "password1234",
            "123456789012",
            "1234567890ab",
            "qwertyuiop12",
            "administrator",
            "passwordpassword",
            "iloveyou1234",
            "letmeinletmein",
            "welcome12345",
            "changeme1234",
            "111111111111",
            "000000000000");

    private final Argon2PasswordEncoder encoder = new Argon2PasswordEncoder(16, 32, 1, MEMORY_KIB, 1);
    private final Semaphore places = new Semaphore(2, true);
    private final String nobody = encoder.encode("nobody");

    String hash(String password) {
        return oneOfFew(() -> encoder.encode(password));
    }

    boolean matches(String password, String hash) {
        return oneOfFew(() -> encoder.matches(password, hash));
    }

    /** A hash that belongs to nobody, to spend the same time on unknown logins. */
    String nobody() {
        return nobody;
    }

    void requireStrength(String password, String login) {
        if (password.length() < 12 || password.length() > 128) {
            throw Refused.field("password", "identity.password.length", password.length());
        }
        var lower = password.toLowerCase(java.util.Locale.ROOT);
        if (COMMON.contains(lower)
                || lower.contains(login)
                || lower.chars().distinct().count() < 4) {
            throw Refused.field("password", "identity.password.guessable");
        }
    }

    private <T> T oneOfFew(Supplier<T> work) {
        places.acquireUninterruptibly();
        try {
            return work.get();
        } finally {
            places.release();
        }
    }
}
