package io.retainer.identity;

import io.retainer.kernel.Ids;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/**
 * Six digits that prove that somebody reads a mailbox: good for ten minutes, five tries and one use, at most five an hour
 * for one subject. The digits are derived from the id by a key outside the database and are kept nowhere.
 */
@Service
public class OneTimeCodes {

    static final int MOST_TRIES = 5;
    static final int MOST_AN_HOUR = 5;
    /** How long a code is good. */
    public static final Duration GOOD_FOR = Duration.ofMinutes(10);

    private final JdbcClient jdbc;
    private final Tenancy tenancy;
    private final LinkKey key;
    private final Clock clock;

    OneTimeCodes(JdbcClient jdbc, Tenancy tenancy, LinkKey key, Clock clock) {
        this.jdbc = jdbc;
        this.tenancy = tenancy;
        this.key = key;
        this.clock = clock;
    }

    /**
     * Makes a code; earlier ones of the subject for this purpose end. The digits are fetched by {@link #digits} when the
     * message goes out.
     *
     * @throws Refused when five were made within the hour
     */
    public UUID issue(UUID tenant, String purpose, String subject) {
        var now = clock.instant().atOffset(ZoneOffset.UTC);
        return tenancy.write(tenant, () -> {
            jdbc.sql("select pg_advisory_xact_lock(hashtextextended(:subject, 0))")
                    .param("subject", tenant + purpose + subject)
                    .query()
                    .singleRow();
            long recent = jdbc.sql("""
                            select count(*) from identity.one_time_code where tenant_id = :tenant
                            and purpose = :purpose and subject = :subject and created_at > :since
                            """)
                    .param("tenant", tenant)
                    .param("purpose", purpose)
                    .param("subject", subject)
                    .param("since", now.minusHours(1))
                    .query(Long.class)
                    .single();
            if (recent >= MOST_AN_HOUR) {
                throw Refused.because("identity.code.tooMany");
            }
            jdbc.sql("""
                            update identity.one_time_code set used_at = :now where tenant_id = :tenant
                            and purpose = :purpose and subject = :subject and used_at is null
                            """)
                    .param("now", now)
                    .param("tenant", tenant)
                    .param("purpose", purpose)
                    .param("subject", subject)
                    .update();
            var id = Ids.next();
            jdbc.sql("""
                            insert into identity.one_time_code (tenant_id, id, purpose, subject, created_at, expires_at)
                            values (:tenant, :id, :purpose, :subject, :now, :expires)
                            """)
                    .param("tenant", tenant)
                    .param("id", id)
                    .param("purpose", purpose)
                    .param("subject", subject)
                    .param("now", now)
                    .param("expires", now.plus(GOOD_FOR))
                    .update();
            return id;
        });
    }

    /** The digits of a code that is still good, for whoever carries them to their reader. */
    public Optional<String> digits(UUID tenant, UUID code) {
        return tenancy.read(
                tenant,
                () -> jdbc.sql("""
                                select purpose from identity.one_time_code where tenant_id = :tenant and id = :id
                                and used_at is null and tries < 5 and expires_at > :now
                                """)
                        .param("tenant", tenant)
                        .param("id", code)
                        .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                        .query(String.class)
                        .optional()
                        .map(purpose -> derive(purpose, tenant, code)));
    }

    /**
     * Uses a code up. A wrong guess counts even when the caller rolls back: it is written in a transaction of its own, so
     * call this before opening one.
     *
     * @throws Refused when it is wrong or no longer good
     */
    public void check(UUID tenant, UUID code, String purpose, String subject, String typed) {
        var now = clock.instant().atOffset(ZoneOffset.UTC);
        var tried = tenancy.write(
                tenant,
                () -> jdbc.sql("""
                                update identity.one_time_code set tries = tries + 1 where tenant_id = :tenant and id = :id
                                and purpose = :purpose and subject = :subject
                                and used_at is null and tries < 5 and expires_at > :now returning tries
                                """)
                        .param("tenant", tenant)
                        .param("id", code)
                        .param("purpose", purpose)
                        .param("subject", subject)
                        .param("now", now)
                        .query(Integer.class)
                        .optional());
        if (tried.isEmpty()) {
            throw Refused.field("code", "identity.code.dead");
        }
        boolean right = MessageDigest.isEqual(
                derive(purpose, tenant, code).getBytes(StandardCharsets.US_ASCII),
                typed.strip().getBytes(StandardCharsets.UTF_8));
        if (!right) {
            throw Refused.field("code", "identity.code.wrong", MOST_TRIES - tried.get());
        }
        int used = tenancy.write(
                tenant,
                () -> jdbc.sql("""
                                update identity.one_time_code set used_at = :now
                                where tenant_id = :tenant and id = :id and used_at is null
                                """)
                        .param("now", now)
                        .param("tenant", tenant)
                        .param("id", code)
                        .update());
        if (used == 0) {
            throw Refused.field("code", "identity.code.dead");
        }
    }

    private String derive(String purpose, UUID tenant, UUID code) {
        long number = ByteBuffer.wrap(key.mac("code", purpose, tenant, code)).getLong() & Long.MAX_VALUE;
        return "%06d".formatted(number % 1_000_000);
    }
}
