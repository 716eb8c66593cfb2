package io.retainer.bench;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
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
                .sorted(Comparator.comparingLong(
                        entry -> -entry.getValue().sum()))
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
            return wrap(Connection.class, (method, arguments) -> {
                var made = call(connection, method, arguments);
                return switch (method.getName()) {
                    case "prepareStatement" -> statement(PreparedStatement.class, made, (String) arguments[0]);
                    case "createStatement" -> statement(Statement.class, made, null);
                    case "prepareCall" -> statement(CallableStatement.class, made, (String) arguments[0]);
                    case "commit", "rollback" -> {
                        statements.sent(method.getName());
                        yield made;
                    }
                    default -> made;
                };
            });
        }

        private <T> T statement(Class<T> type, @Nullable Object made, @Nullable String text) {
            return wrap(type, (method, arguments) -> {
                if (method.getName().startsWith("execute")) {
                    statements.sent(text == null && arguments.length > 0 ? (String) arguments[0] : String.valueOf(text));
                }
                return call(Objects.requireNonNull(made), method, arguments);
            });
        }
    }

    private interface Call {
        @Nullable
        Object on(Method method, Object[] arguments) throws Throwable;
    }

    private static <T> T wrap(Class<T> type, Call call) {
        InvocationHandler handler = (_, method, arguments) -> call.on(method, arguments == null ? new Object[0] : arguments);
        return type.cast(Proxy.newProxyInstance(Statements.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static @Nullable Object call(Object on, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(on, arguments);
        } catch (InvocationTargetException failed) {
            throw failed.getCause();
        }
    }
}
