package io.retainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;

import io.retainer.identity.Organisations;
import io.retainer.identity.People;
import io.retainer.identity.Role;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

/** A first start that was killed while it filled the demo, found by the second. */
@SpringBootTest(properties = "retainer.demo=true")
@AutoConfigureMockMvc
@Import({PostgresTest.class, InterruptedDemoTests.Killed.class})
class InterruptedDemoTests {

    @TestConfiguration(proxyBeanMethods = false)
    static class Killed {

        @Bean
        @Order(0)
        ApplicationRunner gotAsFarAsTheFirstPerson(Organisations organisations, People people) {
            return _ -> {
                var provider = organisations.namedOrNew("知远客户服务有限公司").id();
                people.add("lead", "林岚", "demo-retainer-only", provider, Role.OPERATIONS_LEAD);
            };
        }
    }

    @Autowired
    Demo demo;

    @Autowired
    MockMvcTester mvc;

    @Test
    void theSignInPageSaysThatItIsNotWholeAndHowToBeginAgain() {
        assertThat(demo.ready()).isTrue();
        assertThat(demo.whole()).isFalse();
        assertThat(mvc.perform(get("/sign-in").param("lang", "en")))
                .bodyText()
                .contains("interrupted", "data directory")
                .contains("demo-people");
    }
}
