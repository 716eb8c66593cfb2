package io.retainer.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPatternParser;

/** Passing routes over early never passes over one that Spring would have taken. */
class RoutesTests {

    private static final List<String> PATTERNS = List.of(
            "/contracts",
            "/contracts/{contract}",
            "/contracts/{contract}/complaints",
            "/contracts/{contract}/complaints/{complaint}",
            "/contracts/{contract}/complaints/search",
            "/contracts/{contract}/complaints/{complaint}/acts/{act}",
            "/contracts/{contract}/papers/{paper}.pdf",
            "/api/v1/openapi/{*rest}",
            "/files/**",
            "/a?c/d*",
            "/complaints/{form:[a-z]+}");

    private static final List<String> ADDRESSES = List.of(
            "/contracts",
            "/contracts/1",
            "/contracts/1/complaints",
            "/contracts/1/complaints/search",
            "/contracts/1/compl%61ints/search",
            "/contracts/1/complaints/2",
            "/contracts/1/complaints/2/acts/assess",
            "/contracts/1/complaints;x=1/2",
            "/contracts/1/papers/7.pdf",
            "/contracts/1/papers/7.doc",
            "/contracts/",
            "/contracts//complaints",
            "/api/v1/openapi",
            "/api/v1/openapi/a/b",
            "/files",
            "/files/a/b",
            "/abc/dx",
            "/complaints/abc",
            "/other/1/complaints");

    @Test
    void passesOverOnlyWhatCannotMatch() {
        int passedOver = 0;
        for (var pattern : PATTERNS) {
            var parsed = PathPatternParser.defaultInstance.parse(pattern);
            for (var address : ADDRESSES) {
                var path = PathContainer.parsePath(address);
                boolean mayFit = Routes.mayFit(List.of(Routes.Shape.of(pattern)), path.elements());
                if (parsed.matches(path)) {
                    assertThat(mayFit).as(pattern + " and " + address).isTrue();
                } else if (!mayFit) {
                    passedOver++;
                }
            }
        }
        assertThat(passedOver).isGreaterThan(100);
    }
}
