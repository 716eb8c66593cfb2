package io.retainer.identity;

import io.retainer.kernel.Ids;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/**
 * Links that open one thing for one purpose without signing in. A token is two ids and a keyed hash over them and the
 * purpose: it can be written again at any time, is kept nowhere, names nobody, and fits no other purpose.
 */
@Service
public class SignedLinks {

    private static final int MAC = 16;
    private static final int TOKEN = 32 + MAC;

    private final JdbcClient jdbc;
    private final Tenancy tenancy;
    private final LinkKey key;
    private final SignInLimits limits;
    private final Clock clock;

    SignedLinks(JdbcClient jdbc, Tenancy tenancy, LinkKey key, SignInLimits limits, Clock clock) {
        this.jdbc = jdbc;
        this.tenancy = tenancy;
        this.key = key;
        this.limits = limits;
        this.clock = clock;
    }

    /**
     * What a link opens.
     *
     * @param subject such as {@code person/0197…}; ids only
     */
    public record Link(UUID tenant, UUID id, String purpose, String subject) {}

    /**
     * Makes a link, in the caller's transaction when one is running.
     *
     * @param purpose in lower case with hyphens, such as {@code calendar-feed}
     * @param expiresAt null for a link that lives until it is revoked
     * @param singleUse whether {@link #use} ends it
     */
    public Link issue(UUID tenant, String purpose, String subject, @Nullable Instant expiresAt, boolean singleUse) {
        var now = clock.instant();
        var id = Ids.next();
        tenancy.write(tenant, () -> {
            jdbc.sql("""
                            insert into identity.signed_link
                                (tenant_id, id, purpose, subject, created_at, expires_at, single_use)
                            values (:tenant, :id, :purpose, :subject, :now, :expires, :single)
                            """)
                    .param("tenant", tenant)
                    .param("id", id)
                    .param("purpose", purpose)
                    .param("subject", subject)
                    .param("now", now.atOffset(ZoneOffset.UTC))
                    .param("expires", expiresAt == null ? null : expiresAt.atOffset(ZoneOffset.UTC))
                    .param("single", singleUse)
                    .update();
        });
        return new Link(tenant, id, purpose, subject);
    }

    /** The secret part of the link's address. */
    public String token(Link link) {
        var bytes = ByteBuffer.allocate(TOKEN)
                .putLong(link.tenant().getMostSignificantBits())
                .putLong(link.tenant().getLeastSignificantBits())
                .putLong(link.id().getMostSignificantBits())
                .putLong(link.id().getLeastSignificantBits())
                .put(key.mac("link", link.purpose(), link.tenant(), link.id()), 0, MAC);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /** The token of a link that is still good, by its id. */
    public Optional<String> token(UUID tenant, UUID id) {
        return tenancy.read(
                tenant,
                () -> rows("tenant_id = :tenant and id = :id", tenant, id, "", "").stream()
                        .findFirst()
                        .map(this::token));
    }

    /** The good links of a subject for a purpose. */
    public List<Link> of(UUID tenant, String purpose, String subject) {
        return tenancy.read(
                tenant,
                () -> rows(
                        "tenant_id = :tenant and purpose = :purpose and subject = :subject",
                        tenant,
                        null,
                        purpose,
                        subject));
    }

    /**
     * Looks without using it up.
     *
     * @param from the caller's network address; who guesses is slowed down, who holds a link is not
     * @throws Unknown when it is forged, for another purpose, used, expired or revoked: all look the same
     */
    public Link open(String token, String purpose, String from) {
        var link = verified(token, purpose, from);
        return tenancy
                .read(link.tenant(), () -> rows("tenant_id = :tenant and id = :id", link.tenant(), link.id(), "", ""))
                .stream()
                .filter(found -> found.purpose().equals(purpose))
                .findFirst()
                .orElseThrow(() -> new Unknown("link"));
    }

    /**
     * Uses a single-use link up, in the caller's transaction: of two at once, one succeeds.
     *
     * @throws Refused when it is not good any more
     */
    public void use(Link link) {
        var now = clock.instant().atOffset(ZoneOffset.UTC);
        tenancy.write(link.tenant(), () -> {
            int used = jdbc.sql("""
                            update identity.signed_link set used_at = case when single_use then cast(:now as timestamptz) end
                            where tenant_id = :tenant and id = :id and used_at is null and revoked_at is null
                            and (expires_at is null or expires_at > :now)
                            """)
                    .param("now", now)
                    .param("tenant", link.tenant())
                    .param("id", link.id())
                    .update();
            if (used == 0) {
                throw Refused.because("identity.link.dead");
            }
        });
    }

    /** Ends the links of a subject for a purpose at once. */
    public void revoke(UUID tenant, String purpose, String subject) {
        var now = clock.instant().atOffset(ZoneOffset.UTC);
        tenancy.write(tenant, () -> {
            jdbc.sql("""
                            update identity.signed_link set revoked_at = :now where tenant_id = :tenant
                            and purpose = :purpose and subject = :subject and revoked_at is null
                            """)
                    .param("now", now)
                    .param("tenant", tenant)
                    .param("purpose", purpose)
                    .param("subject", subject)
                    .update();
        });
    }

    private Link verified(String token, String purpose, String from) {
        try {
            return verified(token, purpose);
        } catch (Unknown forged) {
            // A true link shows a page, takes a code, gives a file: only what is forged counts as a guess.
            if (limits.secondsToWaitAfterForgery(from) > 0) {
                throw new Unknown("link, guessed too often");
            }
            throw forged;
        }
    }

    private Link verified(String token, String purpose) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            throw new Unknown("link");
        }
        if (bytes.length != TOKEN) {
            throw new Unknown("link");
        }
        var buffer = ByteBuffer.wrap(bytes);
        var tenant = new UUID(buffer.getLong(), buffer.getLong());
        var id = new UUID(buffer.getLong(), buffer.getLong());
        var given = Arrays.copyOfRange(bytes, 32, TOKEN);
        var made = Arrays.copyOf(key.mac("link", purpose, tenant, id), MAC);
        if (!MessageDigest.isEqual(given, made)) {
            throw new Unknown("link");
        }
        return new Link(tenant, id, purpose, "");
    }

    private List<Link> rows(String which, UUID tenant, @Nullable UUID id, String purpose, String subject) {
        return jdbc.sql("select tenant_id, id, purpose, subject from identity.signed_link where " + which
                        + " and used_at is null and revoked_at is null and (expires_at is null or expires_at > :now)"
                        + " order by id desc")
                .param("tenant", tenant)
                .param("id", id)
                .param("purpose", purpose)
                .param("subject", subject)
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .query((row, _) -> new Link(
                        row.getObject(1, UUID.class), row.getObject(2, UUID.class), row.getString(3), row.getString(4)))
                .list();
    }
}
