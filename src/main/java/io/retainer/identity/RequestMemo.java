package io.retainer.identity;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.session.web.http.SessionRepositoryFilter;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * What one request has found out about who is asking, so that it asks once. It ends with the request, whoever runs the
 * next one on the same thread, and is thrown away when the request itself changes who somebody is. Outside a request, or
 * within a transaction that writes and may yet come to nothing, nothing is kept.
 */
final class RequestMemo {

    private static final ScopedValue<RequestMemo> RUNNING = ScopedValue.newInstance();

    private final Map<Object, Object> found = new HashMap<>();

    private RequestMemo() {}

    /** What was found for this key before in this request, else what is found now. */
    @SuppressWarnings("unchecked") // a key of identity is used for one type
    static <T> T once(Object key, Supplier<T> finding) {
        if (!RUNNING.isBound() || writing()) {
            return finding.get();
        }
        var memo = RUNNING.get();
        synchronized (memo.found) {
            var known = memo.found.get(key);
            if (known != null) {
                return (T) known;
            }
        }
        var now = finding.get();
        keep(key, now);
        return now;
    }

    static void keep(Object key, Object value) {
        if (RUNNING.isBound()) {
            var memo = RUNNING.get();
            synchronized (memo.found) {
                memo.found.put(key, value);
            }
        }
    }

    /** What was kept for this key in this request, for once. */
    static @Nullable Object taken(Object key) {
        if (!RUNNING.isBound()) {
            return null;
        }
        var memo = RUNNING.get();
        synchronized (memo.found) {
            return memo.found.remove(key);
        }
    }

    /** Something that may have been found out has changed. */
    static void forget() {
        if (RUNNING.isBound()) {
            var memo = RUNNING.get();
            synchronized (memo.found) {
                memo.found.clear();
            }
        }
    }

    private static boolean writing() {
        return TransactionSynchronizationManager.isActualTransactionActive()
                && !TransactionSynchronizationManager.isCurrentTransactionReadOnly();
    }

    /** Runs one request, or in a test whatever stands for one. */
    static <T, X extends Throwable> T within(ScopedValue.CallableOp<T, X> request) throws X {
        return ScopedValue.where(RUNNING, new RequestMemo()).call(request);
    }

    private static final class Filter extends OncePerRequestFilter {

        @Override
        protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException {
            try {
                within(() -> {
                    chain.doFilter(request, response);
                    return true;
                });
            } catch (ServletException | IOException | RuntimeException | Error failed) {
                throw failed;
            } catch (Exception impossible) {
                throw new ServletException(impossible);
            }
        }

        @Override
        protected boolean shouldNotFilterAsyncDispatch() {
            return false;
        }
    }

    /** Around the session as well. */
    @Configuration(proxyBeanMethods = false)
    static class Registration {

        @Bean
        FilterRegistrationBean<OncePerRequestFilter> requestMemo() {
            var registration = new FilterRegistrationBean<OncePerRequestFilter>(new Filter());
            registration.setOrder(SessionRepositoryFilter.DEFAULT_ORDER - 1);
            registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR);
            return registration;
        }
    }
}
