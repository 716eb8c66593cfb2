package io.retainer.contract;

import io.retainer.contract.NoticeLetter.Deadline;
import io.retainer.contract.NoticeLetter.Particulars;
import io.retainer.document.DocumentSigner;
import io.retainer.document.Paper;
import io.retainer.duty.Duties;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Texts;
import io.retainer.kernel.Unknown;
import io.retainer.kernel.WorkCalendar;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** The papers of a contract's life: every notice as a letter, every amendment as an agreement to be signed. */
@Component
class LifePapers {

    private final Notices notices;
    private final ContractRows contracts;
    private final LifeRows rows;
    private final Duties duties;
    private final Tenancy tenancy;
    private final DocumentSigner signer;
    private final Clock clock;
    private final WorkCalendar calendar;
    private final ObjectProvider<NoticeParticulars> particulars;
    private final ObjectProvider<WindingUp> windingUp;

    LifePapers(
            Notices notices,
            ContractRows contracts,
            LifeRows rows,
            Duties duties,
            Tenancy tenancy,
            DocumentSigner signer,
            Clock clock,
            ObjectProvider<WorkCalendar> calendar,
            ObjectProvider<NoticeParticulars> particulars,
            ObjectProvider<WindingUp> windingUp) {
        this.notices = notices;
        this.contracts = contracts;
        this.rows = rows;
        this.duties = duties;
        this.tenancy = tenancy;
        this.signer = signer;
        this.clock = clock;
        this.calendar = calendar.getIfAvailable(WorkCalendar::chinese);
        this.particulars = particulars;
        this.windingUp = windingUp;
    }

    /** A notice as the letter that was served, with the facts as they stood when it was sent. */
    NoticeLetter letter(Access access, UUID id) {
        require(access);
        return tenancy.read(access.tenant(), () -> {
            var notice = notices.get(access.tenant(), access.contract(), id);
            var version = version(access, notice.sentAt());
            var termination = rows.terminations(access.tenant(), access.contract()).stream()
                    .filter(one ->
                            notice.id().equals(one.notice()) || notice.about().equals("termination/" + one.id()))
                    .findFirst()
                    .orElse(null);
            var all = particulars(access, notice, termination, version.terms());
            for (var port : particulars.orderedStream().toList()) {
                all = all.and(port.of(notice, termination).orElse(Particulars.NONE));
            }
            return new NoticeLetter(
                    NoticeLetter.Type.valueOf(notice.kind().name()),
                    number(notice.contract(), notice.id()),
                    notice.contract(),
                    version.findings().title(),
                    notice.sender(),
                    version.terms().text(TermKey.CLIENT_NAME).orElse(""),
                    version.terms().text(TermKey.PROVIDER_NAME).orElse(""),
                    notice.clause(),
                    all,
                    notice.words(),
                    notice.sentAt(),
                    notice.hash());
        });
    }

    /** What people quote: the random ends of the contract's id and of the notice's. */
    static String number(UUID contract, UUID id) {
        return contract.toString().replace("-", "").substring(22).toUpperCase(Locale.ROOT) + "-"
                + id.toString().substring(24);
    }

    private Particulars particulars(Access access, Notice notice, @Nullable Termination termination, DraftTerms terms) {
        var facts = new ArrayList<Sentence>();
        var deadlines = new ArrayList<Deadline>();
        switch (notice.kind()) {
            case CURE_DEMAND -> cureDemand(access, notice, terms, facts, deadlines);
            case TERMINATION -> {
                if (termination != null) {
                    termination(access, termination, terms, facts);
                }
            }
            case FORCE_MAJEURE -> hindrance(access, notice, terms, facts, deadlines);
            case SECRECY_BREACH ->
                facts.add(Sentence.of(
                        "contract.letter.secret",
                        notice.clause(),
                        duties.get(
                                        access.tenant(),
                                        UUID.fromString(notice.about().substring(5)),
                                        notice.sentAt())
                                .assessment()
                                .explanation()));
            case CONTEST -> contested(access, notice, termination, facts);
            case DEMAND, SUSPENSION, SET_OFF, SET_OFF_RESULT -> {
                // Known to the modules above.
            }
        }
        return new Particulars(facts, List.of(), deadlines);
    }

    private void cureDemand(
            Access access, Notice notice, DraftTerms terms, List<Sentence> facts, List<Deadline> deadlines) {
        facts.add(Sentence.of(
                "contract.letter.broken", notice.clause(), notice.clause().title()));
        if (notice.about().startsWith("duty/")) {
            facts.add(duties.get(access.tenant(), UUID.fromString(notice.about().substring(5)), notice.sentAt())
                    .assessment()
                    .explanation());
        }
        int days = terms.standing(TermKey.TERMINATION_CURE);
        facts.add(Sentence.of("contract.letter.cureDays", days));
        var arrived = notice.arrivesAt();
        if (arrived != null) {
            deadlines.add(new Deadline(
                    Sentence.of("contract.letter.cureBy"),
                    Termination.Window.of(arrived, days, calendar).from()));
        }
    }

    private void termination(Access access, Termination termination, DraftTerms terms, List<Sentence> facts) {
        facts.add(Sentence.of(
                "contract.letter.ground",
                termination.ground(),
                termination.ground().clause()));
        var restsOn = termination.restsOn();
        if (restsOn.startsWith("notice/")) {
            var demand = notices.get(access.tenant(), access.contract(), UUID.fromString(restsOn.substring(7)));
            var arrived = demand.arrivesAt();
            if (arrived != null) {
                facts.add(Sentence.of(
                        "contract.letter.cureElapsed",
                        demand.clause(),
                        arrived,
                        Termination.Window.of(arrived, terms.standing(TermKey.TERMINATION_CURE), calendar)
                                .lastDay()));
            }
        } else if (restsOn.startsWith("force-majeure/")) {
            var event = rows.forceMajeure(access.tenant(), access.contract(), UUID.fromString(restsOn.substring(14)));
            int days = terms.standing(TermKey.FORCE_MAJEURE_LONG_STOP);
            facts.add(Sentence.of("contract.letter.longStop", event.occurredAt(), days, event.longStop(days)));
        }
    }

    private void hindrance(
            Access access, Notice notice, DraftTerms terms, List<Sentence> facts, List<Deadline> deadlines) {
        var event = rows.forceMajeure(
                access.tenant(),
                access.contract(),
                UUID.fromString(notice.about().substring(14)));
        int hours = terms.standing(TermKey.FORCE_MAJEURE_NOTICE);
        facts.add(Sentence.of(
                event.late() ? "contract.letter.hindrance.late" : "contract.letter.hindrance",
                event.party(),
                event.occurredAt(),
                hours));
        event.affected().stream().sorted().forEach(duty -> {
            var owed = duties.get(access.tenant(), duty, notice.sentAt());
            facts.add(Sentence.of(
                    "contract.letter.affected",
                    owed.duty().clause(),
                    owed.assessment().explanation()));
        });
        int proofDays = Math.max(1, terms.standing(TermKey.FORCE_MAJEURE_PROOF));
        deadlines.add(new Deadline(
                Sentence.of("contract.letter.proveBy"),
                event.notifiedAt()
                        .atZone(DraftTerms.ZONE)
                        .toLocalDate()
                        .plusDays(proofDays + 1L)
                        .atStartOfDay(DraftTerms.ZONE)
                        .toInstant()));
        deadlines.add(new Deadline(
                Sentence.of("contract.letter.longStopBy"),
                event.longStop(terms.standing(TermKey.FORCE_MAJEURE_LONG_STOP))));
    }

    private void contested(Access access, Notice notice, @Nullable Termination termination, List<Sentence> facts) {
        if (termination != null) {
            facts.add(Sentence.of(
                    "contract.letter.contested.termination", termination.ground(), termination.declaredAt()));
        } else if (notice.about().startsWith("force-majeure/")) {
            var event = rows.forceMajeure(
                    access.tenant(),
                    access.contract(),
                    UUID.fromString(notice.about().substring(14)));
            facts.add(Sentence.of(
                    "contract.letter.contested.hindrance", event.party(), event.occurredAt(), event.words()));
        }
    }

    // Amendments

    /** The letter with which an amendment was put before the other party; it stands in front of the agreement. */
    Paper proposal(Access access, UUID id, Texts texts) {
        require(access);
        return tenancy.read(access.tenant(), () -> {
            var amendment = rows.amendment(access.tenant(), access.contract(), id);
            var proposedAt = amendment.proposedAt();
            if (proposedAt == null) {
                throw new Unknown("proposal of amendment " + id);
            }
            var base = contracts.version(access.tenant(), access.contract(), amendment.base());
            var letter = new NoticeLetter(
                    NoticeLetter.Type.AMENDMENT,
                    number(amendment.contract(), amendment.id()),
                    amendment.contract(),
                    base.findings().title(),
                    amendment.draftedBy(),
                    base.terms().text(TermKey.CLIENT_NAME).orElse(""),
                    base.terms().text(TermKey.PROVIDER_NAME).orElse(""),
                    amendment.kind().clause(),
                    new Particulars(
                            PrintedAmendment.facts(amendment, base, texts),
                            List.of(),
                            List.of(new Deadline(
                                    Sentence.of("contract.letter.signBy"), proposedAt.plus(Contract.SIGNING_TIME)))),
                    amendment.reason(),
                    proposedAt,
                    amendment.hash());
            return letter.paper(texts).append(agreement(access, amendment, base, texts));
        });
    }

    /** The agreement as it is signed. Once both have, its PDF carries the platform's signature. */
    byte[] agreement(Access access, UUID id, boolean pdf, boolean seam, Texts texts) {
        require(access);
        return tenancy.read(access.tenant(), () -> {
            var amendment = rows.amendment(access.tenant(), access.contract(), id);
            var base = contracts.version(access.tenant(), access.contract(), amendment.base());
            var paper = agreement(access, amendment, base, texts);
            if (!pdf) {
                return paper.docx();
            }
            if (seam) {
                paper.seam(texts.say("contract.agreement.title", amendment.serial()));
            }
            return amendment.state() == Amendment.State.AGREED
                    ? signer.sign(paper.pdf(), "SHA-256 " + amendment.hash(), clock.instant())
                    : paper.pdf();
        });
    }

    private Paper agreement(Access access, Amendment amendment, ContractVersion base, Texts texts) {
        return PrintedAmendment.paper(
                amendment,
                base,
                rows.amendmentSignatures(access.tenant(), amendment.id()),
                paper -> windingUp
                        .orderedStream()
                        .forEach(port -> port.print(
                                amendment.tenant(), amendment.contract(), amendment.startsAt(), paper, texts)),
                texts);
    }

    private ContractVersion version(Access access, Instant at) {
        var tenant = access.tenant();
        var contract = access.contract();
        return contracts.version(
                tenant,
                contract,
                contracts
                        .inForce(tenant, contract, at)
                        .orElseGet(() -> contracts.get(tenant, contract).number()));
    }

    /** Notices and amendments speak of money. */
    private static void require(Access access) {
        access.require(Capability.READ_CONTRACT);
        access.require(Capability.READ_MONEY);
    }
}
