package io.retainer.customer;

import static io.retainer.identity.Capability.EDIT_CUSTOMERS;
import static io.retainer.identity.Capability.IMPORT_CUSTOMERS;
import static io.retainer.identity.Capability.READ_CUSTOMERS;

import io.retainer.customer.CustomerRows.ContactRow;
import io.retainer.customer.CustomerRows.Identified;
import io.retainer.customer.CustomerRows.Row;
import io.retainer.customer.CustomerRows.Sought;
import io.retainer.identity.Access;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import io.retainer.matching.PhoneNumbers;
import io.retainer.vault.ClientVault;
import io.retainer.vault.Personal;
import io.retainer.vault.Purpose;
import io.retainer.vault.Reveals;
import io.retainer.vault.SealedTable;
import io.retainer.vault.Vault;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Service;

/** The client's customers: looked for, looked at masked, added, and revealed one value at a time. */
@Service
public class Customers {

    private static final int MOST_PEOPLE = 200;
    private static final Pattern END = Pattern.compile("[0-9]{3}[0-9xX]");
    private static final PhoneNumbers PHONES = PhoneNumbers.mainland();
    private static final Pattern NUMBER = Pattern.compile("[(+]*[0-9][0-9 ().\\-]{5,}[0-9xX]");
    /** What WeCom calls an external contact; a WeChat id that a person chose is never so long. */
    private static final Pattern EXTERNAL_USER = Pattern.compile("w[mo][A-Za-z0-9_-]{28,62}");

    private static final String OWN = "FIELD:";
    /** What may come from elsewhere than its customer, besides own fields. */
    private static final Set<String> CAN_DIFFER = Stream.concat(
                    Stream.of(Target.Column.NAME.name()),
                    Stream.of(ContactKind.values()).map(Enum::name))
            .collect(Collectors.toUnmodifiableSet());

    private final CustomerRows rows;
    private final Origins origins;
    private final ProfileNotes notes;
    private final Consents consents;
    private final Delivery delivery;
    private final Vault vault;
    private final Reveals reveals;
    private final Tenancy tenancy;
    private final Clock clock;

    Customers(
            CustomerRows rows,
            Origins origins,
            ProfileNotes notes,
            Consents consents,
            Delivery delivery,
            Vault vault,
            Reveals reveals,
            Tenancy tenancy,
            Clock clock) {
        this.rows = rows;
        this.origins = origins;
        this.notes = notes;
        this.consents = consents;
        this.delivery = delivery;
        this.vault = vault;
        this.reveals = reveals;
        this.tenancy = tenancy;
        this.clock = clock;
    }

    /**
     * One customer, masked.
     *
     * @param role as what the customer stands for the company it belongs to
     * @param origins where each value comes from: by the id of the contact or field value, and of the customer for its name
     */
    public record Profile(
            CustomerPage.Line customer,
            @Nullable String creditCode,
            @Nullable UUID company,
            @Nullable String role,
            String source,
            @Nullable UUID batch,
            List<Value> fields,
            Map<UUID, Origin> origins) {

        /** @param value masked when the field is personal */
        public record Value(UUID id, String label, String value, boolean personal) {}
    }

    /**
     * The newest first, or those that fit the search: a phone number, e-mail address, WeChat id, id number or reference as
     * a whole, the code of a company, the last four characters of a number, a {@code #tag}, a place as {@code @广东深圳}, a
     * {@code field:value} of the client's own, or a name: characters of it, pinyin, initials, words.
     *
     * @param search as typed; it is never written to a log or an address
     * @param before only those before this one, or null
     */
    public CustomerPage page(Access access, String search, @Nullable UUID before, int most) {
        access.require(READ_CUSTOMERS);
        var text = SearchText.plain(search);
        var end = before == null ? CustomerRows.LAST : before;
        return listed(
                access,
                (tenant, client) -> text.isEmpty()
                        ? rows.newest(tenant, end, most + 1)
                        : found(tenant, text, client, end, most + 1),
                most);
    }

    private List<Row> found(UUID tenant, String text, ClientVault client, UUID before, int most) {
        var sought = sought(tenant, text, client);
        var found = rows.found(tenant, sought, before, most);
        if (!sought.parts().isEmpty()) {
            // Names in traditional characters that were stored before these counted as simplified ones, and other ways
            // to
            // write the same pinyin: asked for only when nothing else is meant.
            var others = NameParts.otherwise(text).iterator();
            while (found.isEmpty() && others.hasNext()) {
                found = rows.found(tenant, sought.withParts(CustomerRows.tags(client, others.next())), before, most);
            }
        }
        return found;
    }

    /** Those of these ids, the newest first; one more than asked for says that there are more. */
    CustomerPage page(Access access, Function<UUID, List<UUID>> ids, int most) {
        access.require(READ_CUSTOMERS);
        return listed(access, (tenant, _) -> rows.of(tenant, ids.apply(tenant)).reversed(), most);
    }

    private CustomerPage listed(Access access, BiFunction<UUID, ClientVault, List<Row>> rowsOf, int most) {
        var tenant = access.tenant();
        return tenancy.read(tenant, () -> {
            var client = vault.reading(tenant);
            var found = rowsOf.apply(tenant, client);
            boolean more = found.size() > most;
            var page = more ? found.subList(0, most) : found;
            return new CustomerPage(
                    lines(tenant, page, client), more ? page.getLast().id() : null);
        });
    }

    /** Under what an address in the district of this region is kept. */
    Optional<Integer> district(UUID tenant, Region region) {
        return region.district(vault.reading(tenant));
    }

    private Sought sought(UUID tenant, String text, ClientVault client) {
        if (text.startsWith("#")) {
            return Sought.tag(text.substring(1).strip());
        }
        if (text.startsWith("@")) {
            var region =
                    Region.named(text.substring(1)).orElseThrow(() -> Refused.field("q", "customer.rule.bad.region"));
            return Sought.places(region.wanted(client));
        }
        var own = own(tenant, text);
        if (own.isPresent()) {
            var field = own.get().field();
            var value = own.get().value();
            return field.personal()
                    ? Sought.field(field.key(), null, client.index(CustomerRows.FIELD_WHOLE, value))
                    : Sought.field(field.key(), value, null);
        }
        var keys = new ArrayList<Long>();
        var parts = List.<Integer>of();
        if (END.matcher(text).matches()) {
            add(keys, client.index(ContactKind.PHONE.end(), text));
            add(keys, client.index(ContactKind.ID_NUMBER.end(), text));
        } else if (text.indexOf('@') > 0) {
            add(keys, client.index(ContactKind.EMAIL.whole(), text));
        } else if (NUMBER.matcher(text).matches()) {
            add(keys, client.index(ContactKind.PHONE.whole(), text));
            // As it is stored: a number of a landline with its country code.
            add(keys, client.index(ContactKind.PHONE.whole(), PHONES.e164(text).orElse(null)));
            add(keys, client.index(ContactKind.ID_NUMBER.whole(), text));
        } else {
            add(keys, client.index(ContactKind.WECHAT.whole(), text));
            add(keys, client.index(ContactKind.ID_NUMBER.whole(), text));
            parts = CustomerRows.tags(client, NameParts.wanted(text));
        }
        return Sought.of(keys, text, parts);
    }

    private Optional<SearchText.Own> own(UUID tenant, String plain) {
        return plain.indexOf(':') < 1
                ? Optional.empty()
                : SearchText.own(plain, rows.fields(tenant).values());
    }

    /**
     * The rule a search comes down to, so that it can be kept: a tag, a place, or a field of the client's own that is not
     * personal. Empty when it is anything else, which may be about a person.
     */
    Optional<Rule> rule(Access access, String search) {
        access.require(READ_CUSTOMERS);
        var text = SearchText.plain(search);
        if (text.startsWith("#") && text.length() > 1) {
            return Optional.of(new Rule.Tagged(text.substring(1).strip()));
        }
        if (text.startsWith("@") && text.length() > 1) {
            return Optional.of(new Rule.LivesIn(text.substring(1).strip()));
        }
        return (text.indexOf(':') < 1
                        ? Optional.<SearchText.Own>empty()
                        : tenancy.read(access.tenant(), () -> own(access.tenant(), text)))
                .filter(own -> !own.field().personal())
                .map(own -> new Rule.OwnField(own.field().key(), Rule.Test.EQUALS, own.value()));
    }

    /** Those for whom a condition on {@code customer.customer c} holds, the newest first. */
    CustomerPage fitting(UUID tenant, String condition, Map<String, Object> parameters, UUID before, int most) {
        var found = rows.fitting(tenant, condition, parameters, before, most + 1);
        boolean more = found.size() > most;
        var page = more ? found.subList(0, most) : found;
        return new CustomerPage(
                lines(tenant, page, vault.reading(tenant)),
                more ? page.getLast().id() : null);
    }

    private static void add(List<Long> tags, @Nullable Long tag) {
        if (tag != null) {
            tags.add(tag);
        }
    }

    private List<CustomerPage.Line> lines(UUID tenant, List<Row> page, ClientVault client) {
        var ids = page.stream().map(Row::id).toList();
        Map<UUID, List<ContactRow>> contacts =
                rows.contacts(tenant, ids).stream().collect(Collectors.groupingBy(ContactRow::customer));
        var tags = rows.tags(tenant, ids);
        return page.stream()
                .map(row -> new CustomerPage.Line(
                        row.id(),
                        row.kind(),
                        Objects.requireNonNullElse(client.masked(CustomerRows.NAME, row.id(), row.name()), ""),
                        row.reference(),
                        contacts.getOrDefault(row.id(), List.of()).stream()
                                .sorted(Comparator.comparing(ContactRow::kind))
                                .map(contact -> new CustomerPage.Contact(
                                        contact.id(),
                                        contact.kind(),
                                        Objects.requireNonNullElse(
                                                client.masked(contact.kind().column(), contact.id(), contact.value()),
                                                ""),
                                        contact.label()))
                                .toList(),
                        tags.getOrDefault(row.id(), List.of()),
                        row.createdAt()))
                .toList();
    }

    /** These customers, masked, in no order; the ones that are gone are left out. */
    public List<CustomerPage.Line> some(Access access, Collection<UUID> customers) {
        access.require(READ_CUSTOMERS);
        var tenant = access.tenant();
        return customers.isEmpty()
                ? List.of()
                : tenancy.read(tenant, () -> {
                    var found = customers.stream()
                            .flatMap(id -> rows.find(tenant, id).stream())
                            .toList();
                    return lines(tenant, found, vault.reading(tenant));
                });
    }

    /** @throws Unknown when the client has no such customer */
    public Profile profile(Access access, UUID customer) {
        access.require(READ_CUSTOMERS);
        var tenant = access.tenant();
        return tenancy.read(tenant, () -> {
            var client = vault.reading(tenant);
            var row = rows.find(tenant, customer).orElseThrow(() -> new Unknown("customer " + customer));
            // The customer asked for may have been merged into this one.
            var values = rows.fieldValues(tenant, row.id());
            var fields = values.stream()
                    .map(value -> new Profile.Value(
                            value.id(),
                            value.field().label(),
                            value.plain() != null
                                    ? value.plain()
                                    : Objects.requireNonNullElse(
                                            client.masked(CustomerRows.FIELD, value.id(), value.sealed()), ""),
                            value.field().personal()))
                    .toList();
            return new Profile(
                    lines(tenant, List.of(row), client).getFirst(),
                    row.creditCode(),
                    row.company(),
                    row.role(),
                    row.source(),
                    row.batch(),
                    fields,
                    origins(tenant, row, values));
        });
    }

    private Map<UUID, Origin> origins(UUID tenant, Row row, List<CustomerRows.FieldValue> values) {
        var contacts = rows.contacts(tenant, List.of(row.id()));
        var known = origins.of(
                tenant,
                Stream.concat(
                                Stream.of(Optional.ofNullable(row.origin()), Optional.ofNullable(row.nameOrigin())),
                                Stream.concat(
                                        contacts.stream().map(each -> Optional.ofNullable(each.origin())),
                                        values.stream().map(each -> Optional.ofNullable(each.origin()))))
                        .flatMap(Optional::stream)
                        .distinct()
                        .toList());
        var usual = row.origin() == null
                ? new Origin(row.source(), null, null, null, row.batch())
                : known.getOrDefault(row.origin(), Origin.of(row.source()));
        var found = new HashMap<UUID, Origin>();
        found.put(row.id(), origins.told(tenant, own(known, row.nameOrigin(), usual), Target.Column.NAME.name()));
        contacts.forEach(contact -> found.put(
                contact.id(),
                origins.told(
                        tenant,
                        own(known, contact.origin(), usual),
                        contact.kind().name())));
        values.forEach(value -> found.put(
                value.id(),
                origins.told(
                        tenant,
                        own(known, value.origin(), usual),
                        OWN + value.field().key())));
        return found;
    }

    private static Origin own(Map<UUID, Origin> known, @Nullable UUID id, Origin usual) {
        return id == null ? usual : known.getOrDefault(id, usual);
    }

    /**
     * Adds one customer.
     *
     * @param source where the data comes from, in a few words
     * @throws Refused when a value cannot be taken; it names the field
     */
    public UUID add(Access access, NewCustomer customer, String source) {
        return add(access, customer, Origin.of(source));
    }

    /** As {@link #add(Access, NewCustomer, String)}, with all that is known of where the data comes from. */
    public UUID add(Access access, NewCustomer customer, Origin origin) {
        return add(access, customer, origin, Map.of());
    }

    /**
     * As {@link #add(Access, NewCustomer, Origin)}, where some values come from elsewhere.
     *
     * @param others by the code of the field, as the mapping of an import has it: {@code NAME}, {@code PHONE},
     *     {@code FIELD:key}
     */
    public UUID add(Access access, NewCustomer customer, Origin origin, Map<String, Origin> others) {
        access.require(EDIT_CUSTOMERS);
        return store(access, List.of(new Sourced(customer, origin, others))).getFirst();
    }

    /** A customer with where it comes from, and where some of its values do. */
    record Sourced(NewCustomer customer, Origin origin, Map<String, Origin> others) {}

    /** As {@link #addAll(Access, List, String)}, each with where it comes from. */
    List<UUID> addAll(Access access, List<Sourced> several) {
        access.require(IMPORT_CUSTOMERS);
        return store(access, several);
    }

    /**
     * Adds several, all or none.
     *
     * @return their ids, in the same order
     * @throws Refused when one cannot be taken; the field is its place and the field in it, such as {@code 3.phone}
     */
    public List<UUID> addAll(Access access, List<NewCustomer> several, String source) {
        access.require(IMPORT_CUSTOMERS);
        return store(
                access,
                several.stream()
                        .map(each -> new Sourced(each, Origin.of(source), Map.of()))
                        .toList());
    }

    private List<UUID> store(Access access, List<Sourced> several) {
        var usual = new ArrayList<Origin>();
        for (var each : several) {
            var front = several.size() == 1 ? "" : usual.size() + ".";
            usual.add(checked(front, each.origin()));
        }
        var tenant = access.tenant();
        return tenancy.write(tenant, () -> {
            var fields = rows.fields(tenant);
            var fine = new ArrayList<Identified>();
            var references = new HashSet<String>();
            for (var each : several) {
                var front = several.size() == 1 ? "" : fine.size() + ".";
                switch (CustomerRules.check(each.customer(), fields)) {
                    case CustomerRules.Fine(var checked) -> fine.add(new Identified(Ids.next(), checked));
                    case CustomerRules.Bad(var field, var why) -> throw new Refused(front + field, why);
                }
                var reference = fine.getLast().customer().reference();
                if (reference != null && !references.add(reference)) {
                    throw Refused.field(front + "reference", "customer.bad.taken");
                }
            }
            if (!rows.taken(tenant, references).isEmpty()) {
                throw Refused.field("reference", "customer.bad.taken");
            }
            var client = vault.writing(tenant);
            var byOrigin = new LinkedHashMap<Origin, List<Identified>>();
            for (int i = 0; i < fine.size(); i++) {
                byOrigin.computeIfAbsent(usual.get(i), _ -> new ArrayList<>()).add(fine.get(i));
            }
            byOrigin.forEach((origin, some) -> {
                var sealed = SealedCustomers.of(some, fields, client, rows.types());
                if (!rows.add(tenant, sealed, null, origin.source(), origins.keep(tenant, origin), now())
                        .isEmpty()) {
                    throw Refused.field("reference", "customer.bad.taken");
                }
            });
            for (int i = 0; i < fine.size(); i++) {
                fromElsewhere(tenant, fine.get(i), several.get(i).others(), fields, client);
            }
            return fine.stream().map(Identified::id).toList();
        });
    }

    private static Origin checked(String front, Origin given) {
        try {
            return Origin.checked(given.source(), given.supplier(), given.lawfulBasis(), given.purpose());
        } catch (Refused refusal) {
            throw new Refused(front + refusal.field(), refusal.sentence());
        }
    }

    /** Writes down which values of a new customer come from elsewhere than the customer. */
    private void fromElsewhere(
            UUID tenant,
            Identified stored,
            Map<String, Origin> others,
            Map<String, CustomField> fields,
            ClientVault client) {
        var kept = new HashMap<String, UUID>();
        others.forEach((field, origin) -> {
            if (!CAN_DIFFER.contains(field)
                    && !(field.startsWith(OWN) && fields.containsKey(field.substring(OWN.length())))) {
                throw Refused.field("grounds", "customer.ground.none", field);
            }
            kept.put(field, origins.keep(tenant, checked(field + ".", origin)));
        });
        var contacts = stored.customer().contacts();
        if (contacts.stream()
                .anyMatch(each ->
                        each.from() != null || kept.containsKey(each.kind().name()))) {
            var there = rows.stored(tenant, stored.id()).stream()
                    .map(contact -> {
                        var from = contacts.stream()
                                .filter(each -> each.from() != null
                                        && each.kind() == contact.kind()
                                        && Objects.equals(
                                                client.index(each.kind().whole(), each.value()), contact.index()))
                                .map(each -> Objects.requireNonNull(each.from()))
                                .findFirst();
                        var field = contact.kind().name();
                        return contact.from(from.map(origin -> origins.keep(tenant, checked(field + ".", origin)))
                                .orElse(kept.get(field)));
                    })
                    .toList();
            rows.reach(tenant, stored.id(), there, client);
        }
        kept.forEach((field, origin) -> {
            if (field.equals(Target.Column.NAME.name())) {
                rows.nameFrom(tenant, stored.id(), origin);
            } else if (field.startsWith(OWN)) {
                rows.valueFrom(tenant, stored.id(), field.substring(OWN.length()), origin);
            }
        });
    }

    /** Customers that share a value with this one already, masked: shown before a second record is made. */
    public List<CustomerPage.Line> alike(Access access, NewCustomer customer) {
        access.require(READ_CUSTOMERS);
        var tenant = access.tenant();
        return tenancy.read(tenant, () -> {
            var client = vault.reading(tenant);
            var values = customer.contacts().stream()
                    .filter(contact -> contact.kind() != ContactKind.ADDRESS)
                    .flatMap(contact -> contact.kind() == ContactKind.PHONE
                            ? Stream.of(contact, asStored(contact))
                            : Stream.of(contact))
                    .map(contact -> client.index(contact.kind().whole(), contact.value()))
                    .flatMap(Stream::ofNullable)
                    .toList();
            var found = rows.found(tenant, Sought.keys(values), CustomerRows.LAST, 10);
            return lines(tenant, found, client);
        });
    }

    /**
     * Who is reached by exactly this number or address, for a module that takes in what a customer says: ids only, at most
     * ten, the newest first.
     */
    public List<UUID> reachedBy(UUID tenant, ContactKind kind, String value) {
        return reachedBy(tenant, List.of(new Way(kind, value)));
    }

    /** As {@link #reachedBy(UUID, ContactKind, String)}, by the one or the other where both are given. */
    public List<UUID> reachedBy(UUID tenant, @Nullable String phone, @Nullable String email) {
        return reachedBy(
                tenant,
                Stream.of(new Way(ContactKind.PHONE, phone), new Way(ContactKind.EMAIL, email))
                        .toList());
    }

    private record Way(ContactKind kind, @Nullable String value) {}

    private List<UUID> reachedBy(UUID tenant, List<Way> ways) {
        return tenancy.read(tenant, () -> {
            var client = vault.reading(tenant);
            var values = ways.stream()
                    .map(way -> client.index(way.kind().whole(), way.value()))
                    .flatMap(Stream::ofNullable)
                    .toList();
            return values.isEmpty() ? List.of() : rows.reached(values, 10);
        });
    }

    /** Whether the customer can be reached this way for this purpose; opens nothing. */
    public boolean reachable(UUID tenant, UUID customer, ContactKind kind, DataPurpose purpose) {
        return tenancy.read(
                tenant, () -> contact(tenant, customer, kind, purpose).isPresent());
    }

    /**
     * The latest number or address of the customer, opened to deliver something to it. One that was handed over for another
     * purpose is not used (PIPL 6, 14); one of which nobody said what it is for is.
     */
    public Optional<String> reach(UUID tenant, UUID customer, ContactKind kind, DataPurpose purpose) {
        return tenancy.read(
                tenant,
                () -> contact(tenant, customer, kind, purpose).map(contact -> delivery.address(tenant, contact)));
    }

    /**
     * By which external user id the customer is known in the client's WeCom (企业微信客户联系), opened to deliver something to it.
     * It is kept among the WeChat ids and known by its form; a WeChat id as people exchange it reaches nobody there.
     */
    public Optional<String> wecom(UUID tenant, UUID customer, DataPurpose purpose) {
        return tenancy.read(
                tenant,
                () -> contacts(tenant, customer, ContactKind.WECHAT, purpose)
                        .map(contact -> delivery.address(tenant, contact))
                        .filter(id -> EXTERNAL_USER.matcher(id).matches())
                        .findFirst());
    }

    private Optional<CustomerRows.ContactRow> contact(
            UUID tenant, UUID customer, ContactKind kind, DataPurpose purpose) {
        return contacts(tenant, customer, kind, purpose).findFirst();
    }

    /** The latest first, of those that may be used for the purpose. */
    private Stream<CustomerRows.ContactRow> contacts(
            UUID tenant, UUID customer, ContactKind kind, DataPurpose purpose) {
        var row = rows.find(tenant, customer).orElse(null);
        if (row == null) {
            return Stream.empty();
        }
        var told = origins(tenant, row, List.of());
        return rows.contacts(tenant, List.of(row.id())).reversed().stream()
                .filter(contact -> contact.kind() == kind)
                .filter(contact -> {
                    var origin = told.get(contact.id());
                    return origin == null || origin.purpose() == null || origin.purpose() == purpose;
                });
    }

    /**
     * Adds a phone number, address or the like to a customer.
     *
     * @param from where it comes from
     * @return the id of the contact
     * @throws Refused when it cannot be taken, the customer has it already, or has too many
     */
    public UUID addContact(Access access, UUID customer, NewCustomer.Contact given, Origin from) {
        access.require(EDIT_CUSTOMERS);
        var origin = Origin.checked(from.source(), from.supplier(), from.lawfulBasis(), from.purpose());
        var contact = CustomerRules.contact(given);
        var tenant = access.tenant();
        return tenancy.write(tenant, () -> {
            var row = rows.find(tenant, customer).orElseThrow(() -> new Unknown("customer " + customer));
            // Holds the customer, so that it is neither merged nor removed meanwhile.
            if (!rows.changed(tenant, row.id(), now())) {
                throw new Unknown("customer " + customer);
            }
            var client = vault.writing(tenant);
            var known = rows.contactIndexes(tenant, row.id(), contact.kind());
            if (known.contains(client.index(contact.kind().whole(), contact.value()))) {
                throw Refused.field("value", "customer.contact.known");
            }
            if (rows.contacts(tenant, List.of(row.id())).size() >= CustomerRules.MOST_CONTACTS) {
                throw Refused.field("value", "customer.bad.contacts", CustomerRules.MOST_CONTACTS);
            }
            return rows.addContact(tenant, row.id(), contact, origins.keep(tenant, origin), client, now());
        });
    }

    /**
     * Takes a contact off a customer.
     *
     * @throws Unknown when the customer has no such contact
     */
    public void removeContact(Access access, UUID customer, UUID contact) {
        access.require(EDIT_CUSTOMERS);
        var tenant = access.tenant();
        tenancy.write(tenant, () -> {
            var held = hold(tenant, customer);
            if (!rows.removeContact(tenant, held, contact, vault.writing(tenant), now())) {
                throw new Unknown("contact " + contact);
            }
        });
    }

    /**
     * Replaces a contact, or only what it is for.
     *
     * @param value the new one; blank to keep the one there is
     * @return the id of the contact, which is another when the value is
     * @throws Refused when it cannot be taken
     */
    public UUID changeContact(
            Access access, UUID customer, UUID contact, String value, @Nullable String label, Origin from) {
        access.require(EDIT_CUSTOMERS);
        var tenant = access.tenant();
        return tenancy.write(tenant, () -> {
            var held = hold(tenant, customer);
            var known = rows.contacts(tenant, List.of(held)).stream()
                    .filter(each -> each.id().equals(contact))
                    .findFirst()
                    .orElseThrow(() -> new Unknown("contact " + contact));
            if (value.isBlank()) {
                rows.label(tenant, held, contact, CustomerRules.labelled(label), vault.writing(tenant));
                return contact;
            }
            rows.removeContact(tenant, held, contact, vault.writing(tenant), now());
            return addContact(access, held, new NewCustomer.Contact(known.kind(), value, label), from);
        });
    }

    /** @return the id under which the customer stands now */
    private UUID hold(UUID tenant, UUID customer) {
        var present = rows.present(tenant, customer);
        if (!rows.changed(tenant, present, now())) {
            throw new Unknown("customer " + customer);
        }
        return present;
    }

    /** @param role as what this person stands for the company */
    public record CompanyMember(
            CustomerPage.Line person, @Nullable String role) {}

    /** The people who belong to a company, masked. */
    public List<CompanyMember> people(Access access, UUID company) {
        access.require(READ_CUSTOMERS);
        var tenant = access.tenant();
        return tenancy.read(tenant, () -> {
            var found = rows.people(tenant, rows.present(tenant, company), MOST_PEOPLE);
            var lines = lines(tenant, found, vault.reading(tenant));
            var members = new ArrayList<CompanyMember>();
            for (int i = 0; i < found.size(); i++) {
                members.add(new CompanyMember(lines.get(i), found.get(i).role()));
            }
            return members;
        });
    }

    /**
     * Makes a person a contact of a company, or changes as what.
     *
     * @param person the number the client knows the person by, or our id
     * @throws Refused when one is no person, the other no company, or the person belongs to another company
     */
    public UUID join(Access access, UUID company, String person, String role) {
        access.require(EDIT_CUSTOMERS);
        var said = role.strip();
        if (said.isEmpty() || said.length() > 50) {
            throw Refused.field("role", "customer.member.role", 50);
        }
        InTheClear.require("role", said);
        var tenant = access.tenant();
        return tenancy.write(tenant, () -> {
            var owner = rows.find(tenant, company).orElseThrow(() -> new Unknown("customer " + company));
            hold(tenant, owner.id());
            var id = rows.named(tenant, List.of(person.strip())).get(person.strip());
            var row = id == null ? null : rows.find(tenant, id).orElse(null);
            if (row == null || row.kind() != CustomerKind.PERSON || owner.kind() != CustomerKind.COMPANY) {
                throw Refused.field("person", "customer.member.person");
            }
            var other = row.company();
            if (other != null && !other.equals(owner.id())) {
                throw Refused.field("person", "customer.member.other");
            }
            if (other == null && rows.people(tenant, owner.id(), MOST_PEOPLE).size() >= MOST_PEOPLE) {
                throw Refused.field("person", "customer.member.many", MOST_PEOPLE);
            }
            rows.belongs(tenant, row.id(), owner.id(), said, now());
            return row.id();
        });
    }

    /** @throws Unknown when the person does not belong to the company */
    public void leave(Access access, UUID company, UUID person) {
        access.require(EDIT_CUSTOMERS);
        var tenant = access.tenant();
        tenancy.write(tenant, () -> {
            var row = rows.find(tenant, person).orElseThrow(() -> new Unknown("customer " + person));
            if (!rows.present(tenant, company).equals(row.company())) {
                throw new Unknown("customer " + person);
            }
            rows.belongs(tenant, row.id(), null, null, now());
        });
    }

    private static NewCustomer.Contact asStored(NewCustomer.Contact phone) {
        return new NewCustomer.Contact(
                ContactKind.PHONE, PHONES.e164(phone.value()).orElse(phone.value()), null);
    }

    /** Adds a field of the client's own. */
    public void addField(Access access, CustomField field) {
        access.require(EDIT_CUSTOMERS);
        if (!field.key().matches("[a-z][a-z0-9_]{0,39}")
                || field.label().isBlank()
                || field.label().length() > 60) {
            throw Refused.field("key", "customer.bad.newField");
        }
        if (!tenancy.write(access.tenant(), () -> rows.addField(access.tenant(), field))) {
            throw Refused.field("key", "customer.bad.fieldTaken", field.key());
        }
    }

    public List<CustomField> fields(Access access) {
        access.require(READ_CUSTOMERS);
        return tenancy.read(access.tenant(), () -> rows.fields(access.tenant())).values().stream()
                .sorted(Comparator.comparing(CustomField::label))
                .toList();
    }

    public void tag(Access access, UUID customer, String tag, boolean on) {
        access.require(EDIT_CUSTOMERS);
        // What there is already can be taken off, whatever it says.
        var text = on ? CustomerRules.tagged(tag) : tag.strip();
        tenancy.write(access.tenant(), () -> {
            var present = rows.present(access.tenant(), customer);
            if (on) {
                rows.tag(access.tenant(), present, text, now());
            } else {
                rows.untag(access.tenant(), present, text, now());
            }
        });
    }

    /**
     * Shows one value in the clear, on the record.
     *
     * @param value the contact, field value, note or consent (its proof), or the customer itself for its name
     */
    public Personal reveal(Access access, UUID customer, UUID value, Purpose purpose, String reason) {
        access.require(READ_CUSTOMERS);
        var tenant = access.tenant();
        return tenancy.write(tenant, () -> {
            var row = rows.find(tenant, customer).orElseThrow(() -> new Unknown("customer " + customer));
            if (value.equals(row.id())) {
                return reveals.reveal(
                        access, new Reveals.Request(row.id(), CustomerRows.NAME, row.id(), purpose, reason), row::name);
            }
            var contact = rows.contacts(tenant, List.of(row.id())).stream()
                    .filter(each -> each.id().equals(value))
                    .findFirst();
            if (contact.isPresent()) {
                return reveals.reveal(
                        access,
                        new Reveals.Request(row.id(), contact.get().kind().column(), value, purpose, reason),
                        contact.get()::value);
            }
            var sealed = rows.fieldValues(tenant, row.id()).stream()
                    .filter(each -> each.id().equals(value))
                    .map(CustomerRows.FieldValue::sealed)
                    .flatMap(Stream::ofNullable)
                    .findFirst()
                    .orElse(null);
            if (sealed == null) {
                var proof = consents.proof(tenant, row.id(), value).orElse(null);
                if (proof != null) {
                    return reveals.reveal(
                            access, new Reveals.Request(row.id(), Consents.PROOF, value, purpose, reason), () -> proof);
                }
                var words = notes.sealed(tenant, row.id(), value).orElseThrow(() -> new Unknown("value " + value));
                return reveals.reveal(
                        access, new Reveals.Request(row.id(), ProfileNotes.WORDS, value, purpose, reason), () -> words);
            }
            return reveals.reveal(
                    access, new Reveals.Request(row.id(), CustomerRows.FIELD, value, purpose, reason), () -> sealed);
        });
    }

    private Instant now() {
        return clock.instant();
    }

    @Configuration(proxyBeanMethods = false)
    static class Tables {

        @Bean
        SealedTable customerTable() {
            return new SealedTable("customer.customer", "id", List.of(CustomerRows.NAME));
        }

        @Bean
        SealedTable contactTable() {
            return new SealedTable("customer.contact", "id", List.of(ContactKind.PHONE.column()))
                    .within("customer.customer", "id", "contacts");
        }

        @Bean
        SealedTable fieldValueTable() {
            return new SealedTable("customer.field_value", "id", List.of(CustomerRows.FIELD));
        }
    }
}
