package io.retainer.workbench;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.resource.ResourceUrlEncodingFilter;

/**
 * Puts the hash of their content into the addresses of styles and scripts, and of nothing else. Spring's own filter would
 * look for every link of a page among the files of all libraries, which was half of what a page cost.
 */
final class AssetAddresses extends ResourceUrlEncodingFilter {

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        super.doFilter(
                request,
                response,
                (wrapped, encoding) -> chain.doFilter(
                        wrapped,
                        new Links(
                                (HttpServletResponse) encoding,
                                (HttpServletResponse) response,
                                ((HttpServletRequest) request).getContextPath())));
    }

    private static final class Links extends HttpServletResponseWrapper {

        private final HttpServletResponse plain;
        private final String context;

        Links(HttpServletResponse encoding, HttpServletResponse plain, String context) {
            super(encoding);
            this.plain = plain;
            this.context = context;
        }

        /** The paths of {@code spring.web.resources.chain.strategy.content.paths}. */
        private boolean hashed(String address) {
            return address.startsWith(context + "/css/") || address.startsWith(context + "/js/");
        }

        @Override
        public String encodeURL(String address) {
            return hashed(address) ? super.encodeURL(address) : plain.encodeURL(address);
        }
    }

    /** In place of the one that Spring Boot would register. */
    @Configuration(proxyBeanMethods = false)
    static class Registration {

        @Bean
        FilterRegistrationBean<ResourceUrlEncodingFilter> assetAddresses() {
            var registration = new FilterRegistrationBean<ResourceUrlEncodingFilter>(new AssetAddresses());
            registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ERROR);
            return registration;
        }
    }
}
