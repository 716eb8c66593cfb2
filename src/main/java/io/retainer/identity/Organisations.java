package io.retainer.identity;

import io.retainer.kernel.Ids;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Unknown;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** All organisations. Nobody can list them: one finds one's own, or another by its exact registered name. */
@Repository
@Transactional
public class Organisations {

    private final JdbcClient jdbc;

    Organisations(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @throws Unknown when there is none with this id */
    @Transactional(readOnly = true)
    public Organisation get(UUID id) {
        return jdbc.sql("select id, name from identity.organisation where id = :id")
                .param("id", id)
                .query(DataClassRowMapper.newInstance(Organisation.class))
                .optional()
                .orElseThrow(() -> new Unknown("organisation " + id));
    }

    @Transactional(readOnly = true)
    public Optional<Organisation> named(String name) {
        return jdbc.sql("select id, name from identity.organisation where name = :name")
                .param("name", name.strip())
                .query(DataClassRowMapper.newInstance(Organisation.class))
                .optional();
    }

    @Transactional(readOnly = true)
    public List<Organisation> ofPerson(UUID person) {
        return jdbc.sql("""
                        select distinct o.id, o.name from identity.organisation o
                        join identity.membership m on m.organisation_id = o.id
                        where m.person_id = :person and m.ended_at is null
                        order by o.name
                        """)
                .param("person", person)
                .query(DataClassRowMapper.newInstance(Organisation.class))
                .list();
    }

    @Transactional(readOnly = true)
    public Map<UUID, String> names(Collection<UUID> ids) {
        if (ids.isEmpty()) {
            return Map.of();
        }
        return jdbc
                .sql("select id, name from identity.organisation where id = any(:ids)")
                .param("ids", ids.toArray(UUID[]::new))
                .query(DataClassRowMapper.newInstance(Organisation.class))
                .list()
                .stream()
                .collect(Collectors.toMap(Organisation::id, Organisation::name));
    }

    /**
     * The organisation of this registered name, made when there is none yet. A new one has no people until somebody
     * joins it.
     *
     * @throws Refused when the name is blank or longer than 200 characters
     */
    public Organisation namedOrNew(String name) {
        var stripped = name.strip();
        if (stripped.isEmpty() || stripped.length() > 200) {
            throw Refused.field("name", "identity.organisation.name", stripped.length());
        }
        jdbc.sql("insert into identity.organisation (id, name) values (:id, :name) on conflict (name) do nothing")
                .param("id", Ids.next())
                .param("name", stripped)
                .update();
        return named(stripped).orElseThrow();
    }
}
