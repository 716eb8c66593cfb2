package io.retainer.messaging;

import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import io.retainer.messaging.MessageKind.Variable;
import io.retainer.messaging.MessageKind.VariableType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.util.function.SingletonSupplier;

/** How each kind of message is worded: by the client's own template, version by version, else by the platform's. */
@Service
class Templates {

    private final JdbcClient jdbc;
    private final Tenancy tenancy;
    private final Clock clock;
    private final String site;
    private final Supplier<List<MessageKind>> declared;
    private final Map<String, Template> platform = new ConcurrentHashMap<>();

    Templates(
            JdbcClient jdbc,
            Tenancy tenancy,
            Clock clock,
            @Value("${retainer.site:http://127.0.0.1:${server.port:8080}}") String site,
            ObjectProvider<MessageKind> declared) {
        this.jdbc = jdbc;
        this.tenancy = tenancy;
        this.clock = clock;
        this.site = site.replaceAll("/+$", "");
        // Asked for with every message, while looking among all beans takes longer than writing it down.
        this.declared = SingletonSupplier.of(() -> declared.stream()
                .sorted(java.util.Comparator.comparing(MessageKind::name))
                .toList());
    }

    /** @param version of the client's own; null for the platform's */
    record Template(@Nullable Integer version, String subject, String body) {}

    /** A version as the editor lists it; without words it went back to the platform's. */
    record Edition(
            int version,
            @Nullable String subject,
            @Nullable String body,
            UUID writtenBy,
            java.time.OffsetDateTime writtenAt) {}

    String site() {
        return site;
    }

    List<MessageKind> kinds() {
        return declared.get();
    }

    MessageKind kind(String name) {
        return kinds().stream()
                .filter(kind -> kind.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new Unknown("kind of message " + name));
    }

    /** The one in use now. Within a transaction of the tenant, or in one of its own. */
    Template current(UUID tenant, MessageKind kind, String language) {
        return newest(tenant, kind.name(), language)
                .filter(edition -> edition.body() != null)
                .map(Templates::template)
                .orElseGet(() -> ofPlatform(kind.name(), language));
    }

    /** The one a message was worded with. */
    Template numbered(UUID tenant, String kind, String language, @Nullable Integer version) {
        if (version == null) {
            return ofPlatform(kind, language);
        }
        return editions(tenant, kind, language).stream()
                .filter(edition -> edition.version() == version && edition.body() != null)
                .findFirst()
                .map(Templates::template)
                .orElseThrow(() -> new IllegalStateException("Template " + kind + " " + version + " is gone"));
    }

    Optional<Edition> newest(UUID tenant, String kind, String language) {
        return editions(tenant, kind, language, 1).stream().findFirst();
    }

    /** The newest first. */
    List<Edition> editions(UUID tenant, String kind, String language) {
        return editions(tenant, kind, language, Integer.MAX_VALUE);
    }

    private List<Edition> editions(UUID tenant, String kind, String language, int most) {
        return tenancy.read(
                tenant,
                () -> jdbc.sql("""
                                select version, subject, body, written_by, written_at from messaging.template
                                where tenant_id = :tenant and kind = :kind and language = :language
                                order by version desc limit :most
                                """)
                        .param("tenant", tenant)
                        .param("kind", kind)
                        .param("language", language)
                        .param("most", most)
                        .query((row, _) -> new Edition(
                                row.getInt("version"),
                                row.getString("subject"),
                                row.getString("body"),
                                row.getObject("written_by", UUID.class),
                                row.getObject("written_at", java.time.OffsetDateTime.class)))
                        .list());
    }

    /**
     * Writes a new version.
     *
     * @param seen the version the writer looked at, 0 for none
     * @throws Refused when a place names no variable, or somebody else wrote meanwhile
     */
    void write(
            UUID tenant,
            MessageKind kind,
            String language,
            int seen,
            @Nullable String subject,
            @Nullable String body,
            UUID person) {
        if (subject != null && body != null) {
            if (subject.isBlank() || subject.length() > 200 || subject.contains("\n")) {
                throw Refused.field("subject", "messaging.refused.subject");
            }
            if (body.isBlank() || body.length() > 20_000) {
                throw Refused.field("body", "messaging.refused.body");
            }
            TemplateText.of(subject, kind, "subject");
            TemplateText.of(body, kind, "body");
        }
        int added = tenancy.write(
                tenant,
                () -> jdbc.sql("""
                                insert into messaging.template
                                    (tenant_id, kind, language, version, subject, body, written_by, written_at)
                                select :tenant, :kind, :language, :version, :subject, :body, :person, :now
                                where :seen = (select coalesce(max(version), 0) from messaging.template
                                    where tenant_id = :tenant and kind = :kind and language = :language)
                                on conflict do nothing
                                """)
                        .param("tenant", tenant)
                        .param("kind", kind.name())
                        .param("language", language)
                        .param("version", seen + 1)
                        .param("subject", subject, java.sql.Types.VARCHAR)
                        .param("body", body == null ? null : body.replace("\r\n", "\n"), java.sql.Types.VARCHAR)
                        .param("person", person)
                        .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                        .param("seen", seen)
                        .update());
        if (added == 0) {
            throw Refused.because("messaging.refused.templateChanged");
        }
    }

    /** The words of a message. */
    Wording word(MessageKind kind, Template template, Map<String, Object> words, String language) {
        return Wording.of(
                TemplateText.of(template.subject(), kind, "subject").fill(words),
                TemplateText.of(template.body(), kind, "body").fill(words),
                site,
                language);
    }

    /** With the samples of its variables, before it is in use. */
    Wording preview(MessageKind kind, String subject, String body, String language) {
        return word(kind, new Template(null, subject, body), samples(kind.variables()), language);
    }

    private Map<String, Object> samples(List<Variable> variables) {
        var words = new HashMap<String, Object>();
        for (var variable : variables) {
            words.put(
                    variable.name(),
                    switch (variable.type()) {
                        case LIST -> List.of(samples(variable.of()), samples(variable.of()));
                        case PATH -> site + variable.sample();
                        case SIGNED_LINK -> site + variable.sample() + "…";
                        case TEXT, TIME, NUMBER, MONEY, CODE, QUOTE -> variable.sample();
                    });
        }
        return words;
    }

    Template ofPlatform(String kind, String language) {
        return platform.computeIfAbsent(kind + "." + language, name -> {
            try {
                var text = new ClassPathResource("mail/" + name + ".txt").getContentAsString(StandardCharsets.UTF_8);
                int end = text.indexOf("\n\n");
                return new Template(null, text.substring(0, end).strip(), text.substring(end + 2));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static Template template(Edition edition) {
        return new Template(
                edition.version(),
                java.util.Objects.requireNonNull(edition.subject()),
                java.util.Objects.requireNonNull(edition.body()));
    }

    boolean declares(String kind, VariableType type) {
        return kind(kind).variables().stream().anyMatch(variable -> variable.type() == type);
    }
}
