package io.retainer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

@SpringBootTest
@Import(PostgresTest.class)
class StartTests {

    @Autowired
    JdbcClient jdbc;

    @Test
    void worksAsTheRuntimeRole() {
        assertThat(jdbc.sql("select current_user").query(String.class).single()).isEqualTo("retainer_rt");
    }
}
