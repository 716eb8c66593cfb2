package io.retainer.bench;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Counts what the application sends to its database; commits count, as they are a trip each too. */
final class Statements implements BeanPostProcessor {

    private final LongAdder all = new LongAdder();
    private final Map<String, LongAdder> texts = new ConcurrentHashMap<>();

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        return bean instanceof DataSource source && !(bean instanceof Counting) ? new Counting(source, this) : bean;
    }

    long count() {
        return all.sum();
    }

    /** What was sent how often since the last call, the most frequent first. */
    String texts(int times) {
        var text = new StringBuilder();
        texts.entrySet().stream()
                .sorted(Comparator.comparingLong(entry -> -entry.getValue().sum()))
                .forEach(entry -> text.append("%7.2f  %s%n"
                        .formatted(
                                (double) entry.getValue().sumThenReset() / times,
                                entry.getKey().replaceAll("\\s+", " "))));
        texts.clear();
        return text.toString();
    }

    private void sent(String text) {
        all.increment();
        texts.computeIfAbsent(text, _ -> new LongAdder()).increment();
    }

    private static final class Counting extends DelegatingDataSource {

        private final Statements statements;

        Counting(DataSource source, Statements statements) {
            super(source);
            this.statements = statements;
        }

        @Override
        public Connection getConnection() throws SQLException {
            var connection = super.getConnection();
            return wrap((method, arguments) -> {
                switch (method.getName()) {
                    // As the application prepares each once for each time it sends it; counting there costs least.
                    case "prepareStatement", "prepareCall" -> statements.sent((String) arguments[0]);
                    case "createStatement", "commit", "rollback" -> statements.sent(method.getName());
                    default -> {
                        // nothing is sent
                    }
                }
                return call(connection, method, arguments);
            });
        }
    }

    private interface Call {
        @Nullable
        Object on(Method method, Object[] arguments) throws Throwable;
    }

    private static Connection wrap(Call call) {
        InvocationHandler handler =
                (_, method, arguments) -> call.on(method, arguments == null ? new Object[0] : arguments);
        return (Connection)
                Proxy.newProxyInstance(Statements.class.getClassLoader(), new Class<?>[] {Connection.class}, handler);
    }

    private static @Nullable Object call(Object on, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(on, arguments);
        } catch (InvocationTargetException failed) {
            throw failed.getCause();
        }
    }
}
