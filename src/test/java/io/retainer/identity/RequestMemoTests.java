package io.retainer.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.retainer.PostgresTest;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What is asked once for each request, and what is written only when it changed. */
@SpringBootTest(properties = "db-scheduler.enabled=false")
@Import(PostgresTest.class)
class RequestMemoTests {

    @Autowired
    People people;

    @Autowired
    Organisations organisations;

    @Autowired
    ApiTokens tokens;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    PlatformTransactionManager transactions;

    @Autowired
    SessionRepository<? extends Session> sessions;

    UUID person;
    UUID first;
    UUID second;

    @BeforeEach
    void someone() {
        first = organisations.namedOrNew("First " + UUID.randomUUID()).id();
        second = organisations.namedOrNew("Second " + UUID.randomUUID()).id();
        person = people.add("memo-" + UUID.randomUUID(), "Memo", "correct horse battery", first, Role.OPERATIONS_LEAD);
    }

    @Test
    void aRequestAsksOnceAndTheNextOneAsksAgain() {
        RequestMemo.within(() -> {
            assertThat(organisations()).containsExactly(first);
            somebodyElseLets(Role.AGENT);
            assertThat(organisations()).as("for the length of this request").containsExactly(first);
            return true;
        });
        RequestMemo.within(() -> {
            assertThat(organisations()).containsExactlyInAnyOrder(first, second);
            return true;
        });
        assertThat(organisations()).as("outside any request").containsExactlyInAnyOrder(first, second);
    }

    @Test
    void whoChangesAMembershipSeesItInTheSameRequest() {
        RequestMemo.within(() -> {
            assertThat(organisations()).containsExactly(first);
            people.join(person, second, Role.AGENT);
            assertThat(organisations()).containsExactlyInAnyOrder(first, second);
            people.disable(person);
            assertThat(organisations()).isEmpty();
            people.enable(person);
            assertThat(organisations()).containsExactlyInAnyOrder(first, second);
            return true;
        });
    }

    /** What a transaction has not committed may come to nothing. */
    @Test
    void whatWasRolledBackIsNotRemembered() {
        RequestMemo.within(() -> {
            new TransactionTemplate(transactions).executeWithoutResult(transaction -> {
                people.join(person, second, Role.AGENT);
                assertThat(organisations()).containsExactlyInAnyOrder(first, second);
                transaction.setRollbackOnly();
            });
            assertThat(organisations()).containsExactly(first);
            return true;
        });
    }

    @Test
    void aTokenAlsoSaysWhatThePersonIs() {
        var token = tokens.issue(person, "test", 1);
        RequestMemo.within(() -> {
            assertThat(tokens.bearer(token))
                    .hasValueSatisfying(found -> assertThat(found.person()).isEqualTo(person));
            somebodyElseLets(Role.AGENT);
            assertThat(organisations()).containsExactly(first);
            return true;
        });
        jdbc.sql("update identity.membership set ended_at = now() + interval '1 day' where person_id = :person")
                .param("person", person)
                .update();
        assertThat(tokens.bearer(token))
                .as("somebody without a part in anything")
                .isPresent();
        RequestMemo.within(() -> {
            assertThat(tokens.bearer(token)).isPresent();
            assertThat(organisations()).isEmpty();
            return true;
        });
    }

    @Test
    void aSessionThatIsOnlyReadIsNotWritten() {
        assertThat(onlyRead(sessions)).isEqualTo(0);
    }

    private <S extends Session> long onlyRead(SessionRepository<S> repository) {
        var session = repository.createSession();
        session.setAttribute("name", "before");
        repository.save(session);
        var made = accessed(session);
        var read = Objects.requireNonNull(repository.findById(session.getId()));
        read.setLastAccessedTime(read.getLastAccessedTime().plus(SparingSessions.UNNOTICED.minusSeconds(1)));
        repository.save(read);
        long moved = accessed(session) - made;
        read.setLastAccessedTime(read.getLastAccessedTime().plus(SparingSessions.UNNOTICED));
        repository.save(read);
        assertThat(accessed(session) - made).isEqualTo(Duration.ofMinutes(1).toMillis());
        var changed = Objects.requireNonNull(repository.findById(session.getId()));
        changed.setAttribute("name", "after");
        repository.save(changed);
        assertThat(Objects.requireNonNull(repository.findById(session.getId())).<String>getAttribute("name"))
                .isEqualTo("after");
        // Within a request Spring asks for a session once more after having saved it; after that, and when it was ended
        // meanwhile, it is asked for in the database.
        RequestMemo.within(() -> {
            var here = Objects.requireNonNull(repository.findById(session.getId()));
            repository.save(here);
            assertThat(repository.findById(session.getId())).isSameAs(here);
            repository.save(here);
            repository.deleteById(session.getId());
            assertThat(repository.findById(session.getId())).isNull();
            return true;
        });
        return moved;
    }

    private long accessed(Session session) {
        return jdbc.sql("select last_access_time from platform.spring_session where session_id = :id")
                .param("id", session.getId())
                .query(Long.class)
                .single();
    }

    private List<UUID> organisations() {
        return people.memberships(person).stream().map(Membership::organisation).toList();
    }

    /** Past the service, as another request would. */
    private void somebodyElseLets(Role role) {
        jdbc.sql("""
                        insert into identity.membership (person_id, organisation_id, role, since)
                        values (:person, :organisation, :role, now())
                        """)
                .param("person", person)
                .param("organisation", second)
                .param("role", role.name())
                .update();
    }
}
