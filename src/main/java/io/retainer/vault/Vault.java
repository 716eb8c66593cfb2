package io.retainer.vault;

import io.retainer.kernel.Refused;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unavailable;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Hands out the vault of a client. While the master key is missing or wrong, every call answers {@link Unavailable}, which
 * becomes a 503 with a sentence; nothing is ever stored or shown in the clear instead.
 */
@Service
public class Vault {

    private static final Duration TRUSTED = Duration.ofMinutes(1);

    private final MasterKey master;
    private final ClientKeyRows rows;
    private final Tenancy tenancy;
    private final Clock clock;
    private final ConcurrentHashMap<UUID, Kept> kept = new ConcurrentHashMap<>();

    Vault(MasterKey master, ClientKeyRows rows, Tenancy tenancy, Clock clock) {
        this.master = master;
        this.rows = rows;
        this.tenancy = tenancy;
        this.clock = clock;
    }

    private record Kept(ClientKeys keys, long since) {}

    /** Why personal data cannot be used now, or empty. */
    public Optional<Sentence> trouble() {
        return master.trouble();
    }

    /**
     * For sealing, within the running write transaction of the tenant. A client's keys are made the first time.
     *
     * @throws Unavailable while the master key is away
     * @throws Refused when the client's keys have been destroyed
     */
    public ClientVault writing(UUID tenant) {
        return new ClientVault(tenant, present(tenant, false), this);
    }

    /**
     * For masking and searching, within a running transaction that may read the tenant.
     *
     * @throws Unavailable while the master key is away
     * @throws Refused when the client's keys have been destroyed
     */
    public ClientVault reading(UUID tenant) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("Without a transaction there are no keys to be seen");
        }
        master.aead();
        var known = kept.get(tenant);
        if (known != null && System.nanoTime() - known.since() < TRUSTED.toNanos()) {
            return new ClientVault(tenant, known.keys(), this);
        }
        var keys = stored(tenant);
        // A client without keys has nothing sealed: fresh keys open nothing and find nothing.
        return new ClientVault(tenant, keys == null ? ClientKeys.fresh() : keep(tenant, keys), this);
    }

    /**
     * Opens values for the machine's own work; no person sees them. Who may call this is held by a test. For what people
     * see there is {@link Reveals}.
     */
    public Opener processing(UUID tenant, Processing purpose) {
        return new Opener(reading(tenant));
    }

    /**
     * Destroys the keys of a client: whatever was sealed for it stays unreadable for ever, here and in every backup that
     * does not hold the wrapped keys. Part of giving the data back at the end; there is no way to undo it.
     */
    public void destroyKeys(UUID tenant) {
        tenancy.write(tenant, () -> {
            rows.hold(tenant, true);
            rows.erase(tenant, UUID.randomUUID(), clock.instant());
        });
        forget(tenant);
    }

    /** The keys as they are now, held so until the transaction ends. */
    ClientKeys present(UUID tenant, boolean exclusively) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()
                || TransactionSynchronizationManager.isCurrentTransactionReadOnly()) {
            throw new IllegalStateException("Sealing needs a write transaction");
        }
        master.aead();
        var generation = rows.hold(tenant, exclusively);
        if (generation.isEmpty()) {
            var fresh = ClientKeys.fresh();
            if (rows.add(tenant, fresh.generation(), fresh.wrap(tenant, master.aead()), clock.instant())) {
                return keep(tenant, fresh);
            }
        } else {
            var known = kept.get(tenant);
            if (known != null && known.keys().generation().equals(generation.get())) {
                return known.keys();
            }
        }
        var keys = stored(tenant);
        if (keys == null) {
            throw new IllegalStateException("The keys of client " + tenant + " have vanished");
        }
        return keep(tenant, keys);
    }

    /** The keys another instance may have made since, or null when these are the newest. */
    @Nullable
    ClientKeys newer(UUID tenant, ClientKeys than) {
        var keys = stored(tenant);
        return keys == null || keys.generation().equals(than.generation()) ? null : keep(tenant, keys);
    }

    void forget(UUID tenant) {
        kept.remove(tenant);
    }

    MasterKey master() {
        return master;
    }

    Instant now() {
        return clock.instant();
    }

    private @Nullable ClientKeys stored(UUID tenant) {
        var row = rows.find(tenant).orElse(null);
        if (row == null) {
            return null;
        }
        var wrapped = row.wrapped();
        if (wrapped == null) {
            forget(tenant);
            throw Refused.because("vault.destroyed");
        }
        try {
            return ClientKeys.unwrap(tenant, row.generation(), wrapped, master.aead());
        } catch (GeneralSecurityException e) {
            throw new Unavailable(Sentence.of("vault.clientKey"), e);
        }
    }

    /** What a write transaction sees may be its own and come to nothing, so it is kept only once that has committed. */
    private ClientKeys keep(UUID tenant, ClientKeys keys) {
        if (TransactionSynchronizationManager.isCurrentTransactionReadOnly()) {
            kept.put(tenant, new Kept(keys, System.nanoTime()));
        } else {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    kept.put(tenant, new Kept(keys, System.nanoTime()));
                }
            });
        }
        return keys;
    }
}
