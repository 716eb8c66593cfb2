package io.retainer.identity;

import io.retainer.kernel.Unknown;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.ui.Model;
import org.springframework.validation.DataBinder;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.support.RedirectAttributesModelMap;

/**
 * Gives controllers {@link SignedIn}, {@link Access} and {@link Posted} parameters; the access is put into the model as
 * well.
 */
@Configuration(proxyBeanMethods = false)
class WebParameters implements WebMvcConfigurer {

    private final Standings standings;
    private final Clock clock;

    WebParameters(Standings standings, Clock clock) {
        this.standings = standings;
        this.clock = clock;
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new SignedInParameter());
        resolvers.add(new AccessParameter());
        resolvers.add(new PostedParameter());
    }

    private static SignedIn signedIn() {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        if (authentication != null && authentication.getPrincipal() instanceof SignedIn person) {
            return person;
        }
        throw new IllegalStateException("This page needs a signed-in person, but is open to everybody");
    }

    private static final class SignedInParameter implements HandlerMethodArgumentResolver {

        @Override
        public boolean supportsParameter(MethodParameter parameter) {
            return parameter.getParameterType().equals(SignedIn.class);
        }

        @Override
        public Object resolveArgument(
                MethodParameter parameter,
                @Nullable ModelAndViewContainer container,
                NativeWebRequest request,
                @Nullable WebDataBinderFactory binders) {
            return signedIn();
        }
    }

    private final class AccessParameter implements HandlerMethodArgumentResolver {

        @Override
        public boolean supportsParameter(MethodParameter parameter) {
            return parameter.getParameterType().equals(Access.class);
        }

        @Override
        public Object resolveArgument(
                MethodParameter parameter,
                @Nullable ModelAndViewContainer container,
                NativeWebRequest request,
                @Nullable WebDataBinderFactory binders) {
            var access = standings.access(signedIn().person(), contract(request), clock.instant());
            if (container != null) {
                container.addAttribute("access", access);
            }
            var servlet = request.getNativeRequest(HttpServletRequest.class);
            if (servlet != null) {
                servlet.setAttribute(Access.class.getName(), access);
            }
            return access;
        }

        private UUID contract(NativeWebRequest request) {
            var variables = request.getAttribute(
                    HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE, RequestAttributes.SCOPE_REQUEST);
            var id = variables instanceof Map<?, ?> map ? String.valueOf(map.get("contract")) : "";
            try {
                return UUID.fromString(id);
            } catch (IllegalArgumentException e) {
                throw new Unknown("contract " + id);
            }
        }
    }

    private static final class PostedParameter implements HandlerMethodArgumentResolver {

        @Override
        public boolean supportsParameter(MethodParameter parameter) {
            return parameter.getParameterType().equals(Posted.class);
        }

        @Override
        public Object resolveArgument(
                MethodParameter parameter,
                @Nullable ModelAndViewContainer container,
                NativeWebRequest request,
                @Nullable WebDataBinderFactory binders)
                throws Exception {
            var response = request.getNativeResponse(HttpServletResponse.class);
            if (container == null
                    || binders == null
                    || response == null
                    || !(container.getModel() instanceof Model model)) {
                throw new IllegalStateException("Only a page answers a form");
            }
            var redirect =
                    new RedirectAttributesModelMap(binders.createBinder(request, null, DataBinder.DEFAULT_OBJECT_NAME));
            container.setRedirectModel(redirect);
            return new Posted(model, response, redirect);
        }
    }
}
