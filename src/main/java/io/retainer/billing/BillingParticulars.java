package io.retainer.billing;

import io.retainer.billing.Account.Act;
import io.retainer.billing.Account.Kind;
import io.retainer.billing.Verdict.InstalmentVerdict;
import io.retainer.billing.Verdict.PenaltyStanding;
import io.retainer.contract.ContractTerms.SuspensionFee;
import io.retainer.contract.ContractedService;
import io.retainer.contract.Notice;
import io.retainer.contract.NoticeLetter.Deadline;
import io.retainer.contract.NoticeLetter.Item;
import io.retainer.contract.NoticeLetter.Particulars;
import io.retainer.contract.NoticeParticulars;
import io.retainer.contract.TermKey;
import io.retainer.contract.Termination;
import io.retainer.kernel.Money;
import io.retainer.kernel.Sentence;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** What notices about money are about, as the account stood when they were sent. */
@Component
class BillingParticulars implements NoticeParticulars {

    private final ObjectProvider<Accounts> accounts;

    BillingParticulars(ObjectProvider<Accounts> accounts) {
        this.accounts = accounts;
    }

    @Override
    public Optional<Particulars> of(Notice notice, @Nullable Termination termination) {
        return switch (notice.kind()) {
            case DEMAND -> state(notice, notice.sentAt()).map(state -> demand(state, act(state, notice.about())));
            case SUSPENSION ->
                state(notice, notice.sentAt()).map(state -> suspension(state, act(state, notice.about())));
            case SET_OFF -> state(notice, notice.sentAt()).map(state -> setOff(state, act(state, notice.about())));
            case TERMINATION ->
                termination == null || !termination.restsOn().startsWith("demand/")
                        ? Optional.empty()
                        // The end itself has reduced what is owed; the notice speaks of the moment before.
                        : state(notice, notice.sentAt().minusMillis(1))
                                .map(state -> termination(state, act(state, termination.restsOn())));
            case CONTEST -> {
                if (notice.about().startsWith("suspension/")) {
                    yield state(notice, notice.sentAt()).map(state -> contested(act(state, notice.about())));
                }
                yield notice.about().startsWith("set-off/")
                        ? state(notice, notice.sentAt()).map(state -> setOffContested(act(state, notice.about())))
                        : Optional.empty();
            }
            case SET_OFF_RESULT ->
                state(notice, notice.sentAt()).map(state -> setOffResult(state, act(state, notice.about())));
            case CURE_DEMAND, FORCE_MAJEURE, SECRECY_BREACH -> Optional.empty();
        };
    }

    private Optional<BillingState> state(Notice notice, Instant at) {
        return accounts.getObject().find(notice.tenant(), notice.contract(), at);
    }

    private static Act act(BillingState state, String about) {
        var id = UUID.fromString(about.substring(about.indexOf('/') + 1));
        return state.records().acts().stream()
                .filter(act -> act.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("A notice about nothing: " + about));
    }

    static Particulars demand(BillingState state, Act demand) {
        var number = demand.instalment();
        if (number == null) {
            return overdue(state, List.of());
        }
        var verdict = state.verdict().instalment(number);
        var facts = new ArrayList<Sentence>();
        var items = new ArrayList<Item>();
        owed(verdict, facts, items);
        facts.add(Sentence.of("billing.letter.reference", state.account().reference(number)));
        var penalty = verdict.penalty();
        if (penalty != null
                && penalty.isPositive()
                && (verdict.penaltyStanding() == PenaltyStanding.CLAIMABLE
                        || verdict.penaltyStanding() == PenaltyStanding.CLAIMED)) {
            items.add(new Item(Sentence.of("billing.letter.penalty", number, verdict.daysLate()), penalty));
        }
        var deadlines = new ArrayList<Deadline>();
        for (var right : state.verdict().rights()) {
            var from = right.from();
            if (from != null
                    && from.isAfter(demand.happenedAt())
                    && (right.right() == Right.SUSPEND || right.right() == Right.TERMINATE)) {
                deadlines.add(new Deadline(Sentence.of("billing.letter.pay", right.right()), from));
            }
        }
        return new Particulars(facts, items, deadlines.stream().distinct().toList());
    }

    private static Particulars suspension(BillingState state, Act suspended) {
        var facts = new ArrayList<Sentence>();
        state.acts(Kind.DEMAND_DELIVERED).stream()
                .filter(demand -> !demand.happenedAt().isAfter(suspended.happenedAt()))
                .filter(demand -> demand.instalment() == null
                        || state.verdict()
                                .instalment(demand.instalment())
                                .state()
                                .isOverdue())
                .forEach(demand ->
                        facts.add(Sentence.of("billing.letter.demanded", demand.instalment(), demand.happenedAt())));
        facts.add(Sentence.of(
                "billing.letter.frozen",
                Stream.of(ContractedService.values())
                        .filter(service -> suspended.services().contains(service.number()))
                        .map(service -> service.clause().title())
                        .toList()));
        facts.add(Sentence.of("billing.letter.clocks"));
        if (state.terms().suspensionExtendsTerm()) {
            facts.add(Sentence.of("billing.letter.extends"));
        } else if (state.terms().suspension().fee() == SuspensionFee.PRORATA_CREDIT) {
            facts.add(Sentence.of(
                    state.binds(TermKey.SUSPENSION_FEE) ? "billing.letter.credit" : "billing.letter.creditOpen"));
        }
        facts.add(
                Sentence.of("billing.letter.resume", state.terms().suspension().resumeWorkdays()));
        return overdue(state, facts);
    }

    /** Everything overdue, after what else is to be said. What is disputed is left out (G-45). */
    private static Particulars overdue(BillingState state, List<Sentence> more) {
        var facts = new ArrayList<Sentence>();
        var items = new ArrayList<Item>();
        state.verdict().instalments().stream()
                .filter(one -> one.state().isOverdue())
                .forEach(one -> owed(one, facts, items));
        facts.addAll(more);
        return new Particulars(facts, items, List.of());
    }

    private static void owed(InstalmentVerdict verdict, List<Sentence> facts, List<Item> items) {
        var instalment = verdict.instalment();
        facts.add(Sentence.of(
                "billing.letter.due",
                verdict.number(),
                instalment.start(),
                instalment.end(),
                instalment.amount(),
                instalment.due()));
        facts.add(Sentence.of("billing.letter.open", verdict.paid(), verdict.open(), verdict.daysLate()));
        var undisputed = verdict.open().minus(Money.min(verdict.open(), verdict.disputed()));
        if (!undisputed.equals(verdict.open())) {
            facts.add(Sentence.of("billing.letter.disputed", verdict.disputed()));
        }
        items.add(new Item(Sentence.of("billing.letter.principal", verdict.number()), undisputed));
    }

    private static Particulars termination(BillingState state, Act demand) {
        var said = overdue(
                state, List.of(Sentence.of("billing.letter.demanded", demand.instalment(), demand.happenedAt())));
        var facts = new ArrayList<>(said.facts());
        state.verdict().available(Right.TERMINATE).stream()
                .filter(right -> right.from() != null)
                .findFirst()
                .ifPresent(right -> facts.add(Sentence.of("billing.letter.cureElapsed", right.from())));
        var items = new ArrayList<>(said.amounts());
        state.verdict().instalments().stream()
                .filter(one -> one.penaltyStanding() == PenaltyStanding.CLAIMED)
                .filter(one -> one.penaltyOpen().isPositive())
                .forEach(one -> items.add(new Item(
                        Sentence.of("billing.letter.penalty", one.number(), one.daysLate()), one.penaltyOpen())));
        return new Particulars(facts, items, List.of());
    }

    private static Particulars setOff(BillingState state, Act act) {
        var number = act.instalment();
        var amount = act.amount();
        if (number == null || amount == null) {
            throw new IllegalStateException("A set-off of nothing: " + act.id());
        }
        if (act.kind() == Account.Kind.CLAIM_SET_OFF) {
            return new Particulars(
                    List.of(
                            Sentence.of("billing.letter.claimSetOff", number, amount),
                            Sentence.of("billing.letter.setOffLaw")),
                    List.of(new Item(Sentence.of("billing.letter.claimSetOffItem", number), amount)),
                    List.of());
        }
        return new Particulars(
                List.of(Sentence.of("billing.letter.setOff", number, amount), Sentence.of("billing.letter.setOffLaw")),
                List.of(new Item(
                        Sentence.of(
                                "billing.letter.penalty",
                                number,
                                state.verdict().instalment(number).daysLate()),
                        amount)),
                List.of());
    }

    private static Particulars setOffContested(Act setOff) {
        return new Particulars(
                List.of(Sentence.of(
                        "billing.letter.setOffContested", setOff.instalment(), setOff.amount(), setOff.happenedAt())),
                List.of(),
                List.of());
    }

    private static Particulars setOffResult(BillingState state, Act setOff) {
        var fell = state.acts(Account.Kind.CLAIM_SET_OFF_REVERSED).stream()
                .filter(act -> setOff.id().equals(act.refersTo()))
                .map(Act::amount)
                .filter(java.util.Objects::nonNull)
                .reduce(Money.ZERO, Money::plus);
        var amount = java.util.Objects.requireNonNull(setOff.amount());
        return new Particulars(
                List.of(Sentence.of(
                        fell.isZero() ? "billing.letter.setOffStands" : "billing.letter.setOffFell",
                        setOff.instalment(),
                        amount,
                        setOff.happenedAt(),
                        amount.minus(fell),
                        fell)),
                List.of(),
                List.of());
    }

    private static Particulars contested(Act suspension) {
        return new Particulars(
                List.of(Sentence.of("billing.letter.contested", suspension.happenedAt())), List.of(), List.of());
    }
}
