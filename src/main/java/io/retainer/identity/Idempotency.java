package io.retainer.identity;

import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs a creating call once per tenant, person and {@code Idempotency-Key}: the key is kept in the transaction of the
 * effect, so either both are there or neither. A repeated call gets the first answer; a concurrent one waits for it.
 * Only hashes are kept, that of the request under the key: a request may hold a phone number, and of these one can try all.
 */
@Service
public class Idempotency {

    private final JdbcClient jdbc;
    private final Tenancy tenancy;
    private final JsonMapper json;
    private final Clock clock;

    Idempotency(JdbcClient jdbc, Tenancy tenancy, JsonMapper json, Clock clock) {
        this.jdbc = jdbc;
        this.tenancy = tenancy;
        this.json = json;
        this.clock = clock;
    }

    /** As {@link #once(UUID, UUID, String, Object, Class, Supplier)}, for the person and tenant of an access. */
    public <T> T once(Access access, @Nullable String key, Object request, Class<T> type, Supplier<T> work) {
        return once(access.person(), access.tenant(), key, request, type, work);
    }

    /**
     * Does the work in a transaction for the tenant, unless the person has used this key for it before.
     *
     * @param key from the header {@code Idempotency-Key}; without one the work is simply done
     * @param request all that was asked for, path included: the same key with another request is refused
     * @return what the work returned the first time
     * @throws Refused when the key was used for another request
     */
    public <T> T once(UUID person, UUID tenant, @Nullable String key, Object request, Class<T> type, Supplier<T> work) {
        if (key == null) {
            return tenancy.write(tenant, work);
        }
        if (key.isBlank() || key.length() > 200) {
            throw Refused.field("Idempotency-Key", "identity.idempotency.key", key.length());
        }
        var kept = hash(key.getBytes(StandardCharsets.UTF_8));
        var inner = hash(json.writeValueAsBytes(request));
        var hash = hash((key + " " + inner).getBytes(StandardCharsets.UTF_8));
        return tenancy.write(tenant, () -> {
            if (claim(tenant, person, kept, hash)) {
                var answer = work.get();
                keep(tenant, person, kept, json.writeValueAsString(answer));
                return answer;
            }
            return json.readValue(firstAnswer(tenant, person, kept, hash), type);
        });
    }

    /** Waits for a concurrent call with the same key to end, by the unique index. */
    private boolean claim(UUID tenant, UUID person, String key, String hash) {
        return jdbc.sql("""
                        insert into identity.idempotency (tenant_id, person_id, key, request_hash, created_at)
                        values (:tenant, :person, :key, :hash, :now) on conflict do nothing
                        """)
                        .param("tenant", tenant)
                        .param("person", person)
                        .param("key", key)
                        .param("hash", hash)
                        .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                        .update()
                == 1;
    }

    private void keep(UUID tenant, UUID person, String key, String body) {
        jdbc.sql("""
                        update identity.idempotency set body = :body
                        where tenant_id = :tenant and person_id = :person and key = :key
                        """)
                .param("body", body)
                .param("tenant", tenant)
                .param("person", person)
                .param("key", key)
                .update();
    }

    private String firstAnswer(UUID tenant, UUID person, String key, String hash) {
        record Row(String requestHash, String body) {}
        var row = jdbc.sql("""
                        select request_hash, body from identity.idempotency
                        where tenant_id = :tenant and person_id = :person and key = :key
                        """)
                .param("tenant", tenant)
                .param("person", person)
                .param("key", key)
                .query(Row.class)
                .single();
        if (!row.requestHash().equals(hash)) {
            throw Refused.field("Idempotency-Key", "identity.idempotency.otherRequest");
        }
        return row.body();
    }

    private static String hash(byte[] request) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(request));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
