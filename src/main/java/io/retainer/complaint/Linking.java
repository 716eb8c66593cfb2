package io.retainer.complaint;

import static io.retainer.identity.Capability.EDIT_CUSTOMERS;
import static io.retainer.identity.Capability.READ_CUSTOMERS;
import static io.retainer.identity.Capability.WORK_COMPLAINTS;

import io.retainer.customer.ContactKind;
import io.retainer.customer.CustomerKind;
import io.retainer.customer.CustomerPage;
import io.retainer.customer.Customers;
import io.retainer.customer.DataPurpose;
import io.retainer.customer.LawfulBasis;
import io.retainer.customer.NewCustomer;
import io.retainer.customer.Origin;
import io.retainer.identity.Access;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.vault.Sealed;
import io.retainer.vault.SealedColumn;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Says whose complaint it is when number and address did not: a customer is looked for, or made of who complained. */
@Service
class Linking {

    private static final int MOST = 20;

    private final ComplaintRows rows;
    private final TimeLines lines;
    private final Letters letters;
    private final StatusLinks links;
    private final Live live;
    private final Customers customers;
    private final CaseWords words;
    private final Tenancy tenancy;
    private final Clock clock;

    Linking(
            ComplaintRows rows,
            TimeLines lines,
            Letters letters,
            StatusLinks links,
            Live live,
            Customers customers,
            CaseWords words,
            Tenancy tenancy,
            Clock clock) {
        this.rows = rows;
        this.lines = lines;
        this.letters = letters;
        this.links = links;
        this.live = live;
        this.customers = customers;
        this.words = words;
        this.tenancy = tenancy;
        this.clock = clock;
    }

    /**
     * @param name masked, or null when none was left
     * @param makeable whether there is enough to make a customer of
     */
    record Page(long number, String subject, @Nullable String name, boolean makeable) {}

    Page page(Access access, UUID id) {
        access.require(WORK_COMPLAINTS);
        access.require(READ_CUSTOMERS);
        return tenancy.read(access.tenant(), () -> {
            var row = rows.get(access.tenant(), access.contract(), id);
            var p = row.particulars();
            return new Page(
                    row.complaint().number(),
                    words.reader(access.tenant()).subject(id, p.subject()),
                    p.name() == null ? null : words.masked(access.tenant(), id, p.name()),
                    p.customer() == null && p.name() != null && access.may(EDIT_CUSTOMERS));
        });
    }

    /** Those that fit, the newest first. */
    List<CustomerPage.Line> found(Access access, String search) {
        access.require(WORK_COMPLAINTS);
        if (search.isBlank()) {
            throw Refused.field("q", "complaint.link.search");
        }
        return customers.page(access, search, null, MOST).customers();
    }

    /** A customer of the name, the number and the address that were left, for serving this complaint and nothing else. */
    void make(Access access, UUID id) {
        access.require(WORK_COMPLAINTS);
        tenancy.write(access.tenant(), () -> {
            var row = rows.get(access.tenant(), access.contract(), id);
            var p = row.particulars();
            var reader = words.reader(access.tenant());
            if (p.customer() != null || p.name() == null) {
                throw Refused.because("complaint.link.notMakeable");
            }
            var contacts = new ArrayList<NewCustomer.Contact>();
            add(contacts, ContactKind.PHONE, reader, ComplaintRows.PHONE, id, p.phone());
            add(contacts, ContactKind.EMAIL, reader, ComplaintRows.EMAIL, id, p.email());
            var made = new NewCustomer(
                    CustomerKind.PERSON,
                    reader.words(ComplaintRows.NAME, id, p.name()),
                    null,
                    null,
                    contacts,
                    List.of(),
                    Map.of());
            var customer = customers.add(
                    access,
                    made,
                    new Origin(
                            "complaint #" + row.complaint().number(),
                            null,
                            LawfulBasis.CONTRACT,
                            DataPurpose.SERVICE,
                            null));
            link(access, id, customer);
        });
    }

    /** Says whose complaint it is; null takes that back. */
    void link(Access access, UUID id, @Nullable UUID customer) {
        access.require(WORK_COMPLAINTS);
        tenancy.write(access.tenant(), () -> {
            var complaint = rows.locked(access.tenant(), access.contract(), id).complaint();
            if (customer != null) {
                customers.profile(access, customer);
            }
            rows.link(access.tenant(), id, customer);
            lines.of(complaint, clock.instant().truncatedTo(ChronoUnit.MICROS))
                    .say(customer == null ? "complaint.said.Unlinked" : "complaint.said.Linked", access.person());
            if (customer != null && !complaint.stage().name().over()) {
                var linked = rows.get(access.tenant(), access.contract(), id);
                // Who left no address could not be told that it came in, nor where to follow it.
                if (letters.way(linked).filter(Letters.Way::ofCustomer).isPresent()) {
                    letters.received(linked, links.of(access.tenant(), id), false);
                }
            }
            live.changed(access.contract(), id);
        });
    }

    private static void add(
            List<NewCustomer.Contact> contacts,
            ContactKind kind,
            CaseWords.Reader reader,
            SealedColumn column,
            UUID id,
            @Nullable Sealed sealed) {
        if (sealed != null) {
            contacts.add(new NewCustomer.Contact(kind, reader.words(column, id, sealed), null));
        }
    }
}
