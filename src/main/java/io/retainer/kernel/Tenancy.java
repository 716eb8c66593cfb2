package io.retainer.kernel;

import java.util.Collection;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Opens the transactions in which tenant rows can be seen. The first statement of each is a literal
 * {@code SET LOCAL app.tenant}, which row-level security reads; without it every tenant table looks empty
 * (reliability.md R2, R4). A write serves one tenant; a read may span several, for a provider's view over its clients.
 *
 * <p>Row-level security is the second wall: every query still carries its tenant predicate.
 */
@Component
public class Tenancy {

    private static final Object KEY = new Object();

    private final JdbcClient jdbc;
    private final TransactionTemplate writing;
    private final TransactionTemplate reading;

    Tenancy(JdbcClient jdbc, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.writing = new TransactionTemplate(transactions);
        this.reading = new TransactionTemplate(transactions);
        this.reading.setReadOnly(true);
    }

    /**
     * One transaction for one tenant; joins the running one when it serves the same tenant.
     *
     * @throws IllegalStateException when a transaction for other tenants is running
     */
    public <T extends @Nullable Object> T write(UUID tenant, Supplier<T> work) {
        return within(writing, tenant.toString(), work);
    }

    public void write(UUID tenant, Runnable work) {
        this.<@Nullable Void>write(tenant, () -> {
            work.run();
            return null;
        });
    }

    public <T extends @Nullable Object> T read(UUID tenant, Supplier<T> work) {
        return within(reading, tenant.toString(), work);
    }

    /** Reads the rows of several tenants at once; writes are refused by the policies. */
    public <T extends @Nullable Object> T read(Collection<UUID> tenants, Supplier<T> work) {
        return within(reading, tenants.stream().map(UUID::toString).sorted().collect(Collectors.joining(",")), work);
    }

    @SuppressWarnings("NullAway") // the template hands back what the work returned
    private <T extends @Nullable Object> T within(TransactionTemplate template, String tenants, Supplier<T> work) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            var running = TransactionSynchronizationManager.getResource(KEY);
            if (tenants.equals(running)) {
                return work.get();
            }
            throw new IllegalStateException(
                    running == null
                            ? "A transaction without a tenant is running"
                            : "A transaction for another tenant is running");
        }
        return template.execute(_ -> {
            // A literal, because set_config() is not passed on to the workers of a distributed database.
            jdbc.sql("set local app.tenant = '" + tenants + "'").update();
            TransactionSynchronizationManager.bindResource(KEY, tenants);
            try {
                return work.get();
            } finally {
                TransactionSynchronizationManager.unbindResource(KEY);
            }
        });
    }
}
