package io.retainer.messaging;

import io.retainer.kernel.Refused;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** By which user id those who sign in are known in WeCom (企业微信); each says it oneself. */
@Service
public class Colleagues {

    /** As WeCom's directory takes them. */
    private static final Pattern USER_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}");

    private final JdbcClient jdbc;

    Colleagues(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Transactional(readOnly = true)
    public Optional<String> wecom(UUID person) {
        return jdbc.sql("select wecom from messaging.colleague where person_id = :person")
                .param("person", person)
                .query(String.class)
                .optional();
    }

    /**
     * @param userId blank for none
     * @throws Refused when it is no user id
     */
    @Transactional
    public void wecom(UUID person, String userId) {
        var id = userId.strip();
        if (id.isEmpty()) {
            jdbc.sql("delete from messaging.colleague where person_id = :person")
                    .param("person", person)
                    .update();
            return;
        }
        if (!USER_ID.matcher(id).matches()) {
            throw Refused.field("wecom", "messaging.refused.wecom");
        }
        jdbc.sql("""
                insert into messaging.colleague (person_id, wecom) values (:person, :id)
                on conflict (person_id) do update set wecom = excluded.wecom
                """).param("person", person).param("id", id).update();
    }
}
