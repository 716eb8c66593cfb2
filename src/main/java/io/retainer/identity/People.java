package io.retainer.identity;

import io.retainer.kernel.Ids;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Unknown;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** The people who can sign in and what they are in their organisations. */
@Service
@Transactional
public class People {

    /** Plain addresses only: no names in front, no quoted parts, nothing that could start another header. */
    private static final Pattern EMAIL = Pattern.compile("[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+");

    private final JdbcClient jdbc;
    private final PasswordHashing hashing;
    private final FindByIndexNameSessionRepository<?> sessions;
    private final Clock clock;

    People(JdbcClient jdbc, PasswordHashing hashing, FindByIndexNameSessionRepository<?> sessions, Clock clock) {
        this.jdbc = jdbc;
        this.hashing = hashing;
        this.sessions = sessions;
        this.clock = clock;
    }

    /**
     * Adds a person with where to write to.
     *
     * @param email blank for none
     */
    @Transactional
    public UUID add(
            String login,
            String displayName,
            String password,
            UUID organisation,
            Role role,
            String email,
            String language) {
        var person = add(login, displayName, password, organisation, role);
        reachAt(person, email, language);
        return person;
    }

    /** One person as the pages of their organisation show them. */
    public record Person(UUID id, String login, String displayName, boolean disabled) {}

    /**
     * Adds a person to an organisation.
     *
     * @param login an e-mail address or another name to sign in with; case does not matter
     * @throws Refused when the login is taken or malformed, or the password is too weak
     */
    public UUID add(String login, String displayName, String password, UUID organisation, Role role) {
        var normalised = normalise(login);
        if (normalised.length() < 3
                || normalised.length() > 254
                || normalised.chars().anyMatch(Character::isWhitespace)) {
            throw Refused.field("login", "identity.person.login", login);
        }
        if (displayName.isBlank() || displayName.length() > 100) {
            throw Refused.field("displayName", "identity.person.displayName");
        }
        hashing.requireStrength(password, normalised);
        var id = Ids.next();
        int added = jdbc.sql("""
                        insert into identity.person (id, login, display_name, password_hash)
                        values (:id, :login, :displayName, :hash) on conflict (login) do nothing
                        """)
                .param("id", id)
                .param("login", normalised)
                .param("displayName", displayName.strip())
                .param("hash", hashing.hash(password))
                .update();
        if (added == 0) {
            throw Refused.field("login", "identity.person.loginTaken", login);
        }
        join(id, organisation, role);
        return id;
    }

    public void join(UUID person, UUID organisation, Role role) {
        RequestMemo.forget();
        jdbc.sql("""
                        insert into identity.membership (person_id, organisation_id, role, since)
                        values (:person, :organisation, :role, :since)
                        on conflict (person_id, organisation_id, role) do update set ended_at = null
                        """)
                .param("person", person)
                .param("organisation", organisation)
                .param("role", role.name())
                .param("since", clock.instant().atOffset(ZoneOffset.UTC))
                .update();
    }

    /** Shuts a person out: at once, in every open session. */
    public void disable(UUID person) {
        RequestMemo.forget();
        jdbc.sql("update identity.person set disabled_at = :now, version = version + 1 where id = :id")
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .param("id", person)
                .update();
        endSessions(person);
    }

    public void enable(UUID person) {
        RequestMemo.forget();
        jdbc.sql("update identity.person set disabled_at = null, version = version + 1 where id = :id")
                .param("id", person)
                .update();
    }

    /** @throws Refused when the current password is wrong or the new one too weak */
    public void changePassword(UUID person, String current, String wanted) {
        var row = jdbc.sql("select login, password_hash from identity.person where id = :id")
                .param("id", person)
                .query((found, _) -> Map.entry(found.getString(1), found.getString(2)))
                .optional()
                .orElseThrow(() -> new Unknown("person " + person));
        if (!hashing.matches(current, row.getValue())) {
            throw Refused.field("current", "identity.password.wrong");
        }
        hashing.requireStrength(wanted, row.getKey());
        jdbc.sql("update identity.person set password_hash = :hash, version = version + 1 where id = :id")
                .param("hash", hashing.hash(wanted))
                .param("id", person)
                .update();
        endSessions(person);
    }

    @Transactional(readOnly = true)
    public Optional<UUID> withLogin(String login) {
        return jdbc.sql("select id from identity.person where login = :login")
                .param("login", normalise(login))
                .query(UUID.class)
                .optional();
    }

    /**
     * How a person is reached.
     *
     * @param email or null when none is known
     * @param language {@code zh} or {@code en}
     */
    public record Reach(@Nullable String email, String language) {}

    /** Where to write to a person who may still sign in; asked for at the moment of use and kept nowhere else. */
    @Transactional(propagation = Propagation.SUPPORTS, readOnly = true)
    public Optional<Reach> reach(UUID person) {
        return jdbc.sql("select email, language from identity.person where id = :id and disabled_at is null")
                .param("id", person)
                .query(DataClassRowMapper.newInstance(Reach.class))
                .optional();
    }

    /**
     * Says how a person wants to be reached.
     *
     * @param email blank for none
     * @throws Refused when it is no address, or the language is not one of ours
     */
    public void reachAt(UUID person, String email, String language) {
        var address = email.strip();
        if (!address.isEmpty()
                && (address.length() > 254 || !EMAIL.matcher(address).matches())) {
            throw Refused.field("email", "identity.person.email");
        }
        if (!language.equals("zh") && !language.equals("en")) {
            throw Refused.field("language", "identity.person.language", language);
        }
        jdbc.sql(
                        "update identity.person set email = :email, language = :language, version = version + 1 where id = :id")
                .param("email", address.isEmpty() ? null : address)
                .param("language", language)
                .param("id", person)
                .update();
    }

    /** The memberships now of everybody in these organisations who may still sign in. */
    @Transactional(propagation = Propagation.SUPPORTS, readOnly = true)
    public List<Membership> staff(Collection<UUID> organisations) {
        return jdbc.sql("""
                        select m.person_id as person, m.organisation_id as organisation, m.role
                        from identity.membership m join identity.person p on p.id = m.person_id
                        where m.organisation_id = any(:organisations) and m.ended_at is null and p.disabled_at is null
                        order by m.person_id, m.since, m.organisation_id
                        """)
                .param("organisations", organisations.toArray(UUID[]::new))
                .query(DataClassRowMapper.newInstance(Membership.class))
                .list();
    }

    /** One membership with the person's name. */
    public record Colleague(UUID person, String displayName, Role role) {}

    /** As {@link #staff}, with their names. */
    @Transactional(propagation = Propagation.SUPPORTS, readOnly = true)
    public List<Colleague> colleagues(Collection<UUID> organisations) {
        return jdbc.sql("""
                        select m.person_id as person, p.display_name, m.role
                        from identity.membership m join identity.person p on p.id = m.person_id
                        where m.organisation_id = any(:organisations) and m.ended_at is null and p.disabled_at is null
                        order by m.person_id, m.since, m.organisation_id
                        """)
                .param("organisations", organisations.toArray(UUID[]::new))
                .query((row, _) -> new Colleague(
                        row.getObject("person", UUID.class),
                        row.getString("display_name"),
                        Role.valueOf(row.getString("role"))))
                .list();
    }

    /** Found once for each request. */
    @Transactional(propagation = Propagation.SUPPORTS, readOnly = true)
    public List<Membership> memberships(UUID person) {
        return RequestMemo.once(
                new MembershipsOf(person),
                () -> jdbc.sql("""
                        select m.person_id as person, m.organisation_id as organisation, m.role
                        from identity.membership m join identity.person p on p.id = m.person_id
                        where m.person_id = :person and m.ended_at is null and p.disabled_at is null
                        """)
                        .param("person", person)
                        .query((row, _) -> new Membership(
                                row.getObject("person", UUID.class),
                                row.getObject("organisation", UUID.class),
                                Role.valueOf(row.getString("role"))))
                        .list());
    }

    private record MembershipsOf(UUID person) {}

    /** For the rest of the running request. */
    static void remember(UUID person, List<Membership> memberships) {
        RequestMemo.keep(new MembershipsOf(person), List.copyOf(memberships));
    }

    @Transactional(propagation = Propagation.SUPPORTS, readOnly = true)
    public Map<UUID, String> names(Collection<UUID> people) {
        if (people.isEmpty()) {
            return Map.of();
        }
        return jdbc
                .sql("select id, display_name from identity.person where id = any(:ids)")
                .param("ids", people.toArray(UUID[]::new))
                .query((row, _) -> Map.entry(row.getObject(1, UUID.class), row.getString(2)))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    @Transactional(readOnly = true)
    List<Map.Entry<Person, Role>> of(UUID organisation) {
        return jdbc.sql("""
                        select p.id, p.login, p.display_name, p.disabled_at is not null as disabled, m.role
                        from identity.membership m join identity.person p on p.id = m.person_id
                        where m.organisation_id = :organisation and m.ended_at is null
                        order by p.display_name, m.role
                        """)
                .param("organisation", organisation)
                .query((row, _) -> Map.entry(
                        new Person(
                                row.getObject("id", UUID.class),
                                row.getString("login"),
                                row.getString("display_name"),
                                row.getBoolean("disabled")),
                        Role.valueOf(row.getString("role"))))
                .list();
    }

    /**
     * Takes the same time whether or not there is such a person. Outside a transaction, because a storm of sign-ins that
     * wait for their turn to hash must not hold all connections.
     */
    @Transactional(propagation = Propagation.NOT_SUPPORTED)
    Optional<SignedIn> withPassword(String login, String password) {
        record Row(UUID id, String displayName, String passwordHash) {}
        var row =
                jdbc.sql("""
                        select id, display_name, password_hash from identity.person
                        where login = :login and disabled_at is null
                        """).param("login", normalise(login)).query(Row.class).optional();
        boolean matches = hashing.matches(password, row.map(Row::passwordHash).orElse(hashing.nobody()));
        return row.filter(_ -> matches).map(found -> new SignedIn(found.id(), found.displayName()));
    }

    private void endSessions(UUID person) {
        sessions.findByPrincipalName(person.toString()).keySet().forEach(sessions::deleteById);
    }

    private static String normalise(String login) {
        return login.strip().toLowerCase(Locale.ROOT);
    }
}
