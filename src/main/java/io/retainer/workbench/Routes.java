package io.retainer.workbench;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.webmvc.autoconfigure.WebMvcRegistrations;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.PathContainer.Element;
import org.springframework.http.server.PathContainer.PathSegment;
import org.springframework.http.server.PathContainer.Separator;
import org.springframework.web.cors.CorsUtils;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;

/**
 * Finds the method that answers an address. Spring tries every pattern there is on each request, and there are hundreds;
 * here those whose fixed parts are others than those of the address are passed over first. What remains is decided as ever.
 */
final class Routes extends RequestMappingHandlerMapping {

    /** Slashes and parts; no address of ours is as long. */
    private static final int MOST_ELEMENTS = 40;

    private volatile Map<Integer, List<Route>> bySize = new ConcurrentHashMap<>();

    private record Route(RequestMappingInfo info, List<Shape> shapes, HandlerMethod answering) {}

    /**
     * A pattern part by part.
     *
     * @param parts null for one that may be anything
     * @param open whether more may follow
     */
    record Shape(List<@Nullable String> parts, boolean open) {

        static Shape of(String pattern) {
            var parts = new ArrayList<@Nullable String>();
            for (var part : pattern.substring(1).split("/", -1)) {
                if (part.startsWith("**") || part.startsWith("{*")) {
                    return new Shape(parts, true);
                }
                parts.add(part.matches("[^{}*?\\\\]*") ? part : null);
            }
            return new Shape(parts, false);
        }

        /** Whether so many slashes and parts, in turn, may be an address of this pattern. */
        boolean mayHave(int elements) {
            return open ? elements >= 2 * parts.size() : elements == 2 * parts.size();
        }

        boolean mayFit(List<Element> address) {
            if (!mayHave(address.size())) {
                return false;
            }
            for (int i = 0; i < parts.size(); i++) {
                var part = parts.get(i);
                if (part != null
                        && address.get(2 * i + 1) instanceof PathSegment segment
                        && !part.equals(segment.valueToMatch())) {
                    return false;
                }
            }
            return true;
        }
    }

    /** As Spring does, among the routes that may fit only; what is more than a plain match is left to Spring. */
    @Override
    protected @Nullable HandlerMethod lookupHandlerMethod(String address, HttpServletRequest request) throws Exception {
        if (!ServletRequestPathUtils.hasParsedRequestPath(request) || CorsUtils.isPreFlightRequest(request)) {
            return super.lookupHandlerMethod(address, request);
        }
        var elements = ServletRequestPathUtils.getParsedRequestPath(request)
                .pathWithinApplication()
                .elements();
        if (elements.size() > MOST_ELEMENTS || !plain(elements)) {
            return super.lookupHandlerMethod(address, request);
        }
        @Nullable RequestMappingInfo found = null;
        @Nullable HandlerMethod answering = null;
        for (var route : routes(elements.size())) {
            var match = mayFit(route.shapes(), elements) ? getMatchingMapping(route.info(), request) : null;
            if (match != null) {
                if (found != null) {
                    return super.lookupHandlerMethod(address, request);
                }
                found = match;
                answering = route.answering();
            }
        }
        if (found == null || answering == null) {
            return super.lookupHandlerMethod(address, request);
        }
        request.setAttribute(HandlerMapping.BEST_MATCHING_HANDLER_ATTRIBUTE, answering);
        handleMatch(found, address, request);
        return answering;
    }

    /** Those that may fit an address of so many slashes and parts. */
    private List<Route> routes(int elements) {
        var known = bySize;
        var routes = known.get(elements);
        if (routes == null) {
            routes = getHandlerMethods().entrySet().stream()
                    .map(each -> new Route(each.getKey(), shapes(each.getKey()), each.getValue()))
                    .filter(route -> route.shapes().isEmpty()
                            || route.shapes().stream().anyMatch(shape -> shape.mayHave(elements)))
                    .toList();
            known.put(elements, routes);
        }
        return routes;
    }

    @Override
    protected void registerHandlerMethod(Object handler, Method method, RequestMappingInfo mapping) {
        super.registerHandlerMethod(handler, method, mapping);
        bySize = new ConcurrentHashMap<>();
    }

    @Override
    public void registerMapping(RequestMappingInfo mapping, Object handler, Method method) {
        super.registerMapping(mapping, handler, method);
        bySize = new ConcurrentHashMap<>();
    }

    @Override
    public void unregisterMapping(RequestMappingInfo mapping) {
        super.unregisterMapping(mapping);
        bySize = new ConcurrentHashMap<>();
    }

    static boolean mayFit(List<Shape> shapes, List<Element> address) {
        if (!plain(address)) {
            return true;
        }
        for (var shape : shapes) {
            if (shape.mayFit(address)) {
                return true;
            }
        }
        return shapes.isEmpty();
    }

    /** Slash and part in turn; whatever looks otherwise is left to Spring. */
    private static boolean plain(List<Element> address) {
        return address.size() % 2 == 0
                && address.size() > 1
                && address.getFirst() instanceof Separator
                && address.getLast() instanceof PathSegment;
    }

    private static List<Shape> shapes(RequestMappingInfo route) {
        var patterns = route.getPathPatternsCondition();
        return patterns == null || !patterns.getPatternValues().stream().allMatch(each -> each.startsWith("/"))
                ? List.of()
                : patterns.getPatternValues().stream().map(Shape::of).toList();
    }

    /** In place of Spring's own. */
    @Configuration(proxyBeanMethods = false)
    static class Registration {

        @Bean
        WebMvcRegistrations routes() {
            return new WebMvcRegistrations() {
                @Override
                public RequestMappingHandlerMapping getRequestMappingHandlerMapping() {
                    return new Routes();
                }
            };
        }
    }
}
