package io.retainer.workbench;

import jakarta.servlet.http.HttpServletRequest;
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
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;

/**
 * Finds the method that answers an address. Spring tries every pattern there is on each request, and there are hundreds;
 * here those whose fixed parts are others than those of the address are passed over first. What remains is decided as ever.
 */
final class Routes extends RequestMappingHandlerMapping {

    private final Map<RequestMappingInfo, List<Shape>> shapes = new ConcurrentHashMap<>();

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

        boolean mayFit(List<Element> address) {
            // Of an address every second element is a slash.
            if (open ? address.size() < 2 * parts.size() : address.size() != 2 * parts.size()) {
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

    @Override
    protected @Nullable RequestMappingInfo getMatchingMapping(RequestMappingInfo route, HttpServletRequest request) {
        return ServletRequestPathUtils.hasParsedRequestPath(request)
                        && !mayFit(
                                route,
                                ServletRequestPathUtils.getParsedRequestPath(request)
                                        .pathWithinApplication()
                                        .elements())
                ? null
                : super.getMatchingMapping(route, request);
    }

    private boolean mayFit(RequestMappingInfo route, List<Element> address) {
        return mayFit(shapes.computeIfAbsent(route, Routes::shapes), address);
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
