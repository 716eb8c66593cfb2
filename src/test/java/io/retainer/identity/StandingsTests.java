package io.retainer.identity;

import static io.retainer.identity.Capability.ASSERT_RIGHT;
import static io.retainer.identity.Capability.READ_CONTRACT;
import static io.retainer.identity.Capability.READ_MONEY;
import static io.retainer.identity.Capability.RECORD_PAYMENT;
import static io.retainer.identity.Capability.SIGN;
import static org.assertj.core.api.Assertions.assertThat;

import io.retainer.kernel.Party;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each role may do, as which party. */
class StandingsTests {

    @ParameterizedTest(name = "{0} of the {1}")
    @CsvSource(delimiter = '|', textBlock = """
            AGENT           | PROVIDER    | READ_CONTRACT
            OPERATIONS_LEAD | PROVIDER    | READ_CONTRACT READ_MONEY RECORD_PAYMENT ASSERT_RIGHT SIGN
            OWNER           | CLIENT      | READ_CONTRACT READ_MONEY ASSERT_RIGHT SIGN
            FINANCE         | CLIENT      | READ_CONTRACT READ_MONEY
            FINANCE         | PROVIDER    | READ_CONTRACT READ_MONEY RECORD_PAYMENT
            LAWYER          | CLIENT      | READ_CONTRACT READ_MONEY
            DATA_PROTECTION | CLIENT      | READ_CONTRACT
            OWNER           | THIRD_PARTY | READ_CONTRACT
            """)
    void aRoleAllowsWhatTheDesignSays(Role role, Party party, String expected) {
        var watched = Set.of(READ_CONTRACT, READ_MONEY, RECORD_PAYMENT, ASSERT_RIGHT, SIGN);
        assertThat(role.capabilitiesAs(party).stream().filter(watched::contains))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(expected.split(" "))
                        .map(Capability::valueOf)
                        .collect(Collectors.toSet()));
    }
}
