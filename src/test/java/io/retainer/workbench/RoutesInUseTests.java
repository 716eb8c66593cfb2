package io.retainer.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import io.retainer.PostgresTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Import;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** A library that brings routes of its own makes Spring drop ours without a word. */
@SpringBootTest(properties = "db-scheduler.enabled=false")
@AutoConfigureMockMvc
@Import(PostgresTest.class)
class RoutesInUseTests {

    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    private RequestMappingHandlerMapping routes;

    @Test
    void everyAddressIsFoundByThem() {
        assertThat(routes).isInstanceOf(Routes.class);
        assertThat(routes.getHandlerMethods()).hasSizeGreaterThan(500);
    }
}
