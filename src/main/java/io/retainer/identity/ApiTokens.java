package io.retainer.identity;

import io.retainer.kernel.Ids;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Unknown;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Secrets for programs that act as a person. Only a hash is kept; 256 random bits need no slow one. */
@Service
@Transactional
public class ApiTokens {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final JdbcClient jdbc;
    private final Clock clock;

    ApiTokens(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    record Token(
            UUID id,
            String name,
            Instant createdAt,
            Instant expiresAt,
            @Nullable Instant revokedAt) {}

    /**
     * Makes a token and hands it out, this once.
     *
     * @param days until it expires: 1 to 365
     */
    public String issue(UUID person, String name, int days) {
        if (name.isBlank() || name.length() > 100) {
            throw Refused.field("name", "identity.token.name");
        }
        if (days < 1 || days > 365) {
            throw Refused.field("days", "identity.token.days", days);
        }
        var secret = new byte[32];
        RANDOM.nextBytes(secret);
        var token = "rt_" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        var now = clock.instant();
        jdbc.sql("""
                        insert into identity.api_token (id, person_id, name, hash, created_at, expires_at)
                        values (:id, :person, :name, :hash, :now, :expires)
                        """)
                .param("id", Ids.next())
                .param("person", person)
                .param("name", name.strip())
                .param("hash", hash(token))
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("expires", now.plus(Duration.ofDays(days)).atOffset(ZoneOffset.UTC))
                .update();
        return token;
    }

    void revoke(UUID person, UUID token) {
        int revoked = jdbc.sql("""
                        update identity.api_token set revoked_at = :now
                        where id = :id and person_id = :person and revoked_at is null
                        """)
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .param("id", token)
                .param("person", person)
                .update();
        if (revoked == 0) {
            throw new Unknown("token " + token);
        }
    }

    @Transactional(readOnly = true)
    List<Token> of(UUID person) {
        return jdbc.sql("""
                        select id, name, created_at, expires_at, revoked_at from identity.api_token
                        where person_id = :person order by created_at desc
                        """)
                .param("person", person)
                .query((row, _) -> new Token(
                        row.getObject("id", UUID.class),
                        row.getString("name"),
                        row.getObject("created_at", OffsetDateTime.class).toInstant(),
                        row.getObject("expires_at", OffsetDateTime.class).toInstant(),
                        Optional.ofNullable(row.getObject("revoked_at", OffsetDateTime.class))
                                .map(OffsetDateTime::toInstant)
                                .orElse(null)))
                .list();
    }

    /** Also finds what the person is, which every call asks next. */
    @Transactional(propagation = Propagation.SUPPORTS, readOnly = true)
    Optional<SignedIn> bearer(String token) {
        var memberships = new ArrayList<Membership>();
        var found = new ArrayList<SignedIn>();
        jdbc.sql("""
                        select p.id as person, p.display_name, m.organisation_id as organisation, m.role
                        from identity.api_token t join identity.person p on p.id = t.person_id
                        left join identity.membership m on m.person_id = p.id and m.ended_at is null
                        where t.hash = :hash and t.revoked_at is null and t.expires_at > :now and p.disabled_at is null
                        """)
                .param("hash", hash(token))
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .query(row -> {
                    var person = row.getObject("person", UUID.class);
                    found.add(new SignedIn(person, row.getString("display_name")));
                    var role = row.getString("role");
                    if (role != null) {
                        memberships.add(
                                new Membership(person, row.getObject("organisation", UUID.class), Role.valueOf(role)));
                    }
                });
        if (found.isEmpty()) {
            return Optional.empty();
        }
        People.remember(found.getFirst().person(), memberships);
        return Optional.of(found.getFirst());
    }

    private static byte[] hash(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
