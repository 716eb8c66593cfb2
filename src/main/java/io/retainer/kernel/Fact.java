package io.retainer.kernel;

import java.time.Instant;
import java.util.UUID;
import org.jmolecules.event.types.DomainEvent;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened under a contract and must stay provable. Published inside the transaction that makes it true;
 * {@code evidence} writes it down before that transaction can commit.
 *
 * <p>A fact is a record whose components are ids, amounts, dates, enums and short codes. It never carries personal data
 * (names, phones, free text written by people): refer to the row that holds it, or to that row's hash.
 */
public interface Fact extends DomainEvent {

    /** The client organisation that owns the data this fact is about. */
    UUID tenant();

    /** The contract in whose ledger the fact stands. */
    UUID contract();

    /** The clause it rests on. */
    Clause clause();

    /**
     * What kind of fact it is, such as {@code billing.PaymentRecorded}: also the key of the message that says it. Written
     * for outsiders: never rename one.
     */
    String kind();

    /** What the fact is about, such as {@code instalment/0197…}. */
    String subject();

    /** When it happened; the ledger adds when it was recorded. */
    Instant happenedAt();

    /** The person who acted, or null when time alone made it so. */
    @Nullable
    UUID actor();
}
