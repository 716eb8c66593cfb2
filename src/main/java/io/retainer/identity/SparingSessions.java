package io.retainer.identity;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Sessions that are written only when something in them has changed, and that somebody was here at most once a minute:
 * otherwise every page that is only read would wait for a disk. What a session says is still read from the database by
 * every request, so that ending one ends it everywhere at once.
 *
 * @param <S> as the repository behind calls its own
 */
final class SparingSessions<S extends Session> implements FindByIndexNameSessionRepository<SparingSessions.Sparing<S>> {

    /** How long it may take until a session notices that it was used. */
    static final Duration UNNOTICED = Duration.ofMinutes(1);

    private static final ScopedValue<Boolean> READING = ScopedValue.newInstance();

    private final FindByIndexNameSessionRepository<S> kept;

    SparingSessions(FindByIndexNameSessionRepository<S> kept) {
        this.kept = kept;
    }

    /** One read is one statement and needs no transaction around it; whatever is written has one of its own. */
    static TransactionOperations transactions(TransactionTemplate writing) {
        return new TransactionOperations() {
            @Override
            public <T extends @Nullable Object> T execute(TransactionCallback<T> action) {
                return (READING.isBound() ? TransactionOperations.withoutTransaction() : writing).execute(action);
            }
        };
    }

    private record Saved(String id) {}

    @Override
    public Sparing<S> createSession() {
        return new Sparing<>(kept.createSession(), true);
    }

    @Override
    public void save(Sparing<S> session) {
        if (session.changed) {
            kept.save(session.behind);
            session.changed = false;
        }
        // Spring asks for it once more when the response has been sent.
        RequestMemo.keep(new Saved(session.getId()), session);
    }

    @Override
    @SuppressWarnings("unchecked") // only our own are kept
    public @Nullable Sparing<S> findById(String id) {
        var saved = (Sparing<S>) RequestMemo.taken(new Saved(id));
        if (saved != null) {
            return saved;
        }
        var found = ScopedValue.where(READING, true).call(() -> kept.findById(id));
        return found == null ? null : new Sparing<>(found, false);
    }

    @Override
    public void deleteById(String id) {
        RequestMemo.forget();
        kept.deleteById(id);
    }

    @Override
    public Map<String, Sparing<S>> findByIndexNameAndIndexValue(String name, String value) {
        return kept.findByIndexNameAndIndexValue(name, value).entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> new Sparing<>(entry.getValue(), false)));
    }

    /**
     * One session.
     *
     * @param <S> as the repository behind calls its own
     */
    static final class Sparing<S extends Session> implements Session {

        private final S behind;
        private volatile boolean changed;

        private Sparing(S behind, boolean changed) {
            this.behind = behind;
            this.changed = changed;
        }

        @Override
        public String getId() {
            return behind.getId();
        }

        @Override
        public String changeSessionId() {
            changed = true;
            return behind.changeSessionId();
        }

        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // as Spring Session has it
        public <T> @Nullable T getAttribute(String name) {
            return behind.getAttribute(name);
        }

        @Override
        public Set<String> getAttributeNames() {
            return behind.getAttributeNames();
        }

        @Override
        public void setAttribute(String name, Object value) {
            changed = true;
            behind.setAttribute(name, value);
        }

        @Override
        public void removeAttribute(String name) {
            changed = true;
            behind.removeAttribute(name);
        }

        @Override
        public Instant getCreationTime() {
            return behind.getCreationTime();
        }

        @Override
        public void setLastAccessedTime(Instant now) {
            if (changed || Duration.between(behind.getLastAccessedTime(), now).compareTo(UNNOTICED) >= 0) {
                changed = true;
                behind.setLastAccessedTime(now);
            }
        }

        @Override
        public Instant getLastAccessedTime() {
            return behind.getLastAccessedTime();
        }

        @Override
        public void setMaxInactiveInterval(Duration interval) {
            changed = true;
            behind.setMaxInactiveInterval(interval);
        }

        @Override
        public Duration getMaxInactiveInterval() {
            return behind.getMaxInactiveInterval();
        }

        @Override
        public boolean isExpired() {
            return behind.isExpired();
        }
    }

    /** Puts it in front of the one that Spring Session makes. */
    static final class InFront implements BeanPostProcessor {

        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
            return bean instanceof JdbcIndexedSessionRepository sessions ? inFrontOf(sessions) : bean;
        }

        private static <S extends Session> SparingSessions<S> inFrontOf(FindByIndexNameSessionRepository<S> sessions) {
            return new SparingSessions<>(sessions);
        }
    }
}
