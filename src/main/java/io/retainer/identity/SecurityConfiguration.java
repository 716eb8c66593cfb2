package io.retainer.identity;

import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandlerImpl;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.session.jdbc.PostgreSqlJdbcIndexedSessionRepositoryCustomizer;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.json.JsonMapper;

/** Everything needs a signed-in person but the sign-in page, static files and the health check. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                    + "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
                    + "object-src 'none'; manifest-src 'self'";

    /** Two requests of one session at once may write the same attribute; otherwise the slower of them would be a 500. */
    @Bean
    PostgreSqlJdbcIndexedSessionRepositoryCustomizer sessionAttributes() {
        return new PostgreSqlJdbcIndexedSessionRepositoryCustomizer();
    }

    /** Nobody looks at how long each filter took, and measuring it took longer than the filters. */
    @Bean
    static SecurityObservationSettings observations() {
        return SecurityObservationSettings.noObservations();
    }

    @Bean
    static SparingSessions.InFront sparingSessions() {
        return new SparingSessions.InFront();
    }

    @Bean
    TransactionOperations springSessionTransactionOperations(PlatformTransactionManager transactions) {
        var writing = new TransactionTemplate(transactions);
        writing.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        return SparingSessions.transactions(writing);
    }

    @Bean
    SecurityFilterChain security(HttpSecurity http, ApiTokens tokens, SignInLimits limits) throws Exception {
        var api = PathPatternRequestMatcher.withDefaults().matcher("/api/**");
        var reports = PathPatternRequestMatcher.withDefaults().matcher("/api/v1/delivery-reports/**");
        RequestMatcher bearer = request -> bearer(request) != null;
        return http.authorizeHttpRequests(requests -> requests.requestMatchers(
                                "/sign-in",
                                "/css/**",
                                "/js/**",
                                "/webjars/**",
                                "/schema/**",
                                "/favicon.svg",
                                "/manifest.webmanifest",
                                "/error",
                                "/actuator/health/**",
                                "/api/v1/openapi/**",
                                // open by a signed link, or signed by the provider that calls
                                "/calendar/feed/**",
                                "/what-if/**",
                                "/complaints/new/**",
                                "/complaints/status/**",
                                "/complaints/question/**",
                                "/signing/**",
                                "/sign-up/**",
                                "/api/v1/delivery-reports/**")
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .formLogin(form -> form.loginPage("/sign-in")
                        .loginProcessingUrl("/sign-in")
                        .usernameParameter("login")
                        .passwordParameter("password")
                        .defaultSuccessUrl("/")
                        .failureUrl("/sign-in?failed"))
                .logout(out -> out.logoutUrl("/sign-out").logoutSuccessUrl("/sign-in?out"))
                .sessionManagement(session -> session.sessionFixation(fixation -> fixation.changeSessionId()))
                .csrf(csrf -> csrf.ignoringRequestMatchers(bearer, reports))
                .exceptionHandling(handling -> handling.defaultAuthenticationEntryPointFor(
                                (request, response, _) ->
                                        problem(request, response, HttpStatus.UNAUTHORIZED, "identity.api.signIn"),
                                api)
                        .defaultAccessDeniedHandlerFor(
                                (request, response, _) ->
                                        problem(request, response, HttpStatus.FORBIDDEN, "identity.api.forged"),
                                api)
                        .defaultAccessDeniedHandlerFor(new AccessDeniedHandlerImpl(), _ -> true)
                        .defaultAuthenticationEntryPointFor(
                                new LoginUrlAuthenticationEntryPoint("/sign-in"), _ -> true))
                .headers(headers -> headers.contentSecurityPolicy(csp -> csp.policyDirectives(POLICY))
                        .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.SAME_ORIGIN))
                        .permissionsPolicyHeader(permissions ->
                                permissions.policy("camera=(), geolocation=(), microphone=(), payment=()")))
                .addFilterBefore(new SlowGuessing(limits), CsrfFilter.class)
                .addFilterBefore(new BearerToken(tokens), AuthorizationFilter.class)
                .build();
    }

    @Bean
    AuthenticationManager authenticationManager(People people) {
        return authentication -> people.withPassword(
                        authentication.getName(), String.valueOf(authentication.getCredentials()))
                .map(SecurityConfiguration::authenticated)
                .orElseThrow(() -> new BadCredentialsException("No such login and password"));
    }

    /** The same shape as every other refusal of the API. */
    private static void problem(
            HttpServletRequest request, HttpServletResponse response, HttpStatus status, String code)
            throws IOException {
        var texts = Texts.in(request.getLocale());
        response.setStatus(status.value());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        if (status == HttpStatus.UNAUTHORIZED) {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        }
        var body = Map.of(
                "title", status.getReasonPhrase(),
                "status", status.value(),
                "detail", texts.say(Sentence.of(code)),
                "code", code);
        response.getOutputStream().write(JsonMapper.shared().writeValueAsBytes(body));
    }

    private static Authentication authenticated(SignedIn person) {
        return UsernamePasswordAuthenticationToken.authenticated(person, null, List.of());
    }

    private static @org.jspecify.annotations.Nullable String bearer(HttpServletRequest request) {
        var header = request.getHeader(HttpHeaders.AUTHORIZATION);
        return header != null && header.startsWith("Bearer ") ? header.substring("Bearer ".length()) : null;
    }

    /** Takes an API token for the person it was issued to; leaves no session behind. */
    private static final class BearerToken extends OncePerRequestFilter {

        private final ApiTokens tokens;

        BearerToken(ApiTokens tokens) {
            this.tokens = tokens;
        }

        @Override
        protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException {
            var token = bearer(request);
            if (token == null) {
                chain.doFilter(request, response);
                return;
            }
            // The token alone decides, even beside a session cookie: bearer calls are exempt from CSRF checks.
            var context = SecurityContextHolder.createEmptyContext();
            tokens.bearer(token).ifPresent(person -> context.setAuthentication(authenticated(person)));
            SecurityContextHolder.setContext(context);
            chain.doFilter(request, response);
        }
    }

    /** Turns away sign-in attempts that come too fast. */
    private static final class SlowGuessing extends OncePerRequestFilter {

        private final SignInLimits limits;

        SlowGuessing(SignInLimits limits) {
            this.limits = limits;
        }

        @Override
        protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException {
            if (!request.getMethod().equals("POST") || !request.getServletPath().equals("/sign-in")) {
                chain.doFilter(request, response);
                return;
            }
            var login = String.valueOf(request.getParameter("login")).strip();
            long seconds = limits.secondsToWait(request.getRemoteAddr(), login);
            if (seconds > 0) {
                response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
                response.sendRedirect("/sign-in?wait=" + seconds);
                return;
            }
            chain.doFilter(request, response);
        }
    }
}
