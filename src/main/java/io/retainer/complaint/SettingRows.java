package io.retainer.complaint;

import static io.retainer.complaint.ComplaintRows.utc;

import io.retainer.kernel.Ids;
import io.retainer.kernel.Money;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** How complaints under a contract are taken in and decided, and what people keep for themselves. */
@Repository
class SettingRows {

    /** What the provider may promise on its own while nobody has set a limit. */
    static final Money USUAL_LIMIT = Money.ofFen(500_00);

    private final JdbcClient jdbc;

    SettingRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @param formKey null while the form is closed */
    record Setting(@Nullable String formKey, @Nullable String mailbox, Money limit) {}

    Setting setting(UUID tenant, UUID contract) {
        return jdbc.sql("""
                        select form_key, mailbox, limit_fen from complaint.setting
                        where tenant_id = :tenant and contract_id = :contract
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .query((row, _) -> new Setting(
                        row.getString("form_key"), row.getString("mailbox"), Money.ofFen(row.getLong("limit_fen"))))
                .optional()
                .orElse(new Setting(null, null, USUAL_LIMIT));
    }

    void save(UUID tenant, UUID contract, Setting setting, Instant now) {
        jdbc.sql("""
                        insert into complaint.setting (tenant_id, contract_id, form_key, mailbox, limit_fen, changed_at)
                        values (:tenant, :contract, :form, :mailbox, :limit, :now)
                        on conflict (tenant_id, contract_id) do update set form_key = excluded.form_key,
                            mailbox = excluded.mailbox, limit_fen = excluded.limit_fen, changed_at = excluded.changed_at
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("form", setting.formKey())
                .param("mailbox", setting.mailbox())
                .param("limit", setting.limit().fen())
                .param("now", utc(now))
                .update();
    }

    record Place(UUID tenant, UUID contract) {}

    Optional<Place> byForm(String key) {
        return jdbc.sql("select tenant_id, contract_id from complaint.by_form(:key)")
                .param("key", key)
                .query((row, _) -> new Place(row.getObject(1, UUID.class), row.getObject(2, UUID.class)))
                .optional();
    }

    List<Place> byMailbox(Collection<String> addresses) {
        return jdbc.sql("select distinct tenant_id, contract_id from complaint.by_mailbox(:addresses)")
                .param("addresses", addresses.toArray(String[]::new))
                .query((row, _) -> new Place(row.getObject(1, UUID.class), row.getObject(2, UUID.class)))
                .list();
    }

    record Canned(UUID id, String title, String text) {}

    List<Canned> canned(UUID tenant, UUID contract) {
        return jdbc.sql("""
                        select id, title, text from complaint.canned
                        where tenant_id = :tenant and contract_id = :contract order by title
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .query((row, _) -> new Canned(row.getObject(1, UUID.class), row.getString(2), row.getString(3)))
                .list();
    }

    /** Puts the text under its title, in place of what was there. */
    void can(UUID tenant, UUID contract, String title, String text, Instant now) {
        jdbc.sql("""
                        insert into complaint.canned (tenant_id, id, contract_id, title, text, changed_at)
                        values (:tenant, :id, :contract, :title, :text, :now)
                        on conflict (tenant_id, contract_id, title)
                            do update set text = excluded.text, changed_at = excluded.changed_at
                        """)
                .param("tenant", tenant)
                .param("id", Ids.at(now.toEpochMilli()))
                .param("contract", contract)
                .param("title", title)
                .param("text", text)
                .param("now", utc(now))
                .update();
    }

    void uncan(UUID tenant, UUID contract, UUID id) {
        jdbc.sql("delete from complaint.canned where tenant_id = :tenant and contract_id = :contract and id = :id")
                .param("tenant", tenant)
                .param("contract", contract)
                .param("id", id)
                .update();
    }

    /** @param filter as the query of an address */
    record View(UUID id, String name, String filter) {}

    /** @param contract whose queue they show, or null for the queue over all contracts */
    List<View> views(UUID tenant, @Nullable UUID contract, UUID person) {
        return jdbc.sql("""
                        select id, name, filter from complaint.saved_view
                        where tenant_id = :tenant and contract_id is not distinct from cast(:contract as uuid)
                        and person_id = :person order by name
                        """)
                .param("tenant", tenant)
                .param("contract", contract, java.sql.Types.OTHER)
                .param("person", person)
                .query((row, _) -> new View(row.getObject(1, UUID.class), row.getString(2), row.getString(3)))
                .list();
    }

    void keepView(UUID tenant, @Nullable UUID contract, UUID person, String name, String filter) {
        jdbc.sql("""
                        insert into complaint.saved_view (tenant_id, id, contract_id, person_id, name, filter)
                        values (:tenant, :id, :contract, :person, :name, :filter)
                        on conflict (tenant_id, contract_id, person_id, name) do update set filter = excluded.filter
                        """)
                .param("tenant", tenant)
                .param("id", Ids.next())
                .param("contract", contract, java.sql.Types.OTHER)
                .param("person", person)
                .param("name", name)
                .param("filter", filter)
                .update();
    }

    void dropView(UUID tenant, @Nullable UUID contract, UUID person, UUID id) {
        jdbc.sql("""
                        delete from complaint.saved_view
                        where tenant_id = :tenant and contract_id is not distinct from cast(:contract as uuid)
                        and person_id = :person and id = :id
                        """)
                .param("tenant", tenant)
                .param("contract", contract, java.sql.Types.OTHER)
                .param("person", person)
                .param("id", id)
                .update();
    }

    /** Whether a row of a file of old cases had been taken over. */
    boolean isKnown(UUID tenant, UUID contract, long index) {
        return jdbc.sql("""
                        select exists (select from complaint.old_case
                            where tenant_id = :tenant and contract_id = :contract and row_index = :index)
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("index", index)
                .query(Boolean.class)
                .single();
    }

    void known(UUID tenant, UUID contract, long index, UUID complaint) {
        jdbc.sql("""
                        insert into complaint.old_case (tenant_id, contract_id, row_index, complaint_id)
                        values (:tenant, :contract, :index, :complaint)
                        """)
                .param("tenant", tenant)
                .param("contract", contract)
                .param("index", index)
                .param("complaint", complaint)
                .update();
    }
}
