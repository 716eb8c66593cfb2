package io.retainer.billing;

import io.retainer.billing.Simulation.Amended;
import io.retainer.billing.WhatIf.Amending;
import io.retainer.billing.WhatIf.Comparison;
import io.retainer.contract.ContractTerms;
import io.retainer.contract.ContractTerms.PartyTerms;
import io.retainer.contract.SupposedTerms;
import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.identity.SignedLinks;
import io.retainer.identity.SignedLinks.Link;
import io.retainer.identity.Standings;
import io.retainer.kernel.Ids;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Unknown;
import io.retainer.kernel.WorkCalendar;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;

/**
 * What-if for people: reads a contract once and judges a copy of it. Only sharing writes anything, and it writes nothing
 * about the contract's money.
 */
@Service
public class WhatIfDesk {

    static final int MOST_HYPOTHESES = 20;
    static final int MOST_DAYS = 90;

    private static final String PURPOSE = "what-if";
    private static final int MOST_SHARED = 50;

    private final Accounts accounts;
    private final SupposedTerms terms;
    private final Scenarios scenarios;
    private final SignedLinks links;
    private final Standings standings;
    private final Tenancy tenancy;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final WorkCalendar calendar;
    private final String site;

    WhatIfDesk(
            Accounts accounts,
            SupposedTerms terms,
            Scenarios scenarios,
            SignedLinks links,
            Standings standings,
            Tenancy tenancy,
            ApplicationEventPublisher events,
            Clock clock,
            ObjectProvider<WorkCalendar> calendar,
            @Value("${retainer.site:http://127.0.0.1:${server.port:8080}}") String site) {
        this.accounts = accounts;
        this.terms = terms;
        this.scenarios = scenarios;
        this.links = links;
        this.standings = standings;
        this.tenancy = tenancy;
        this.events = events;
        this.clock = clock;
        this.calendar = calendar.getIfAvailable(WorkCalendar::chinese);
        this.site = site.replaceAll("/+$", "");
    }

    /**
     * Both sides, ready to be judged as of any moment.
     *
     * @param hypotheses that hold on the second side only
     */
    record Sandbox(Simulation real, Simulation supposed, List<Hypothesis> hypotheses, WorkCalendar calendar) {

        Comparison at(Instant moment) {
            return WhatIf.compare(real, supposed, hypotheses, moment, calendar);
        }

        Life life() {
            return Life.of(supposed, real, calendar);
        }
    }

    /** A copy of the contract as it stands with what is supposed; empty before it took effect. */
    Optional<Sandbox> sandbox(Access access, List<Hypothesis> hypotheses) {
        access.require(Capability.READ_CONTRACT);
        if (hypotheses.size() > MOST_HYPOTHESES) {
            throw Refused.because("billing.whatIf.tooMany", MOST_HYPOTHESES);
        }
        if (!access.may(Capability.READ_MONEY)) {
            hypotheses.forEach(WhatIfDesk::requireNoAmount);
        }
        return tenancy.read(
                access.tenant(),
                () -> accounts.find(access.tenant(), access.contract(), clock.instant())
                        .map(BillingState::simulation)
                        .map(real -> {
                            Amending amending = changes -> terms.with(access.tenant(), access.contract(), changes);
                            return new Sandbox(
                                    real, WhatIf.suppose(real, hypotheses, amending, calendar), hypotheses, calendar);
                        }));
    }

    /** Who may not see amounts could otherwise find them out by trying which one is enough. */
    private static void requireNoAmount(Hypothesis hypothesis) {
        boolean tries = switch (hypothesis) {
            case Hypothesis.Paid paid -> paid.amount() != null;
            case Hypothesis.Changed _ -> true;
            case Hypothesis.NotPaid _, Hypothesis.Demanded _, Hypothesis.Stopped _, Hypothesis.Hindered _ -> false;
        };
        if (tries) {
            throw Refused.field("amount", "billing.whatIf.noMoney");
        }
    }

    /** The same verdict as {@code POST /simulations} gives. */
    Verdict verdict(Simulation simulation) {
        return simulation.run(calendar);
    }

    // Sharing

    /**
     * Makes a link that shows both sides, as they are now, to whoever holds it.
     *
     * @param coded what is supposed, in short form such as {@code paid~3~2025-05-20~}
     * @param asOf the moment of the judgement, or null for now
     * @param days after which the link ends
     * @return the address
     */
    public String share(Access access, List<String> coded, @Nullable Instant asOf, String title, int days) {
        var hypotheses = coded.stream().map(Hypothesis::parse).toList();
        if (days < 1 || days > MOST_DAYS) {
            throw Refused.field("days", "billing.whatIf.days", MOST_DAYS);
        }
        if (title.length() > 200) {
            throw Refused.field("title", "billing.whatIf.title.long", 200);
        }
        var sandbox =
                sandbox(access, hypotheses).orElseThrow(() -> new Unknown("account of contract " + access.contract()));
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var moment = asOf == null ? now : asOf;
        sandbox.at(moment); // refuses what cannot be judged
        return tenancy.write(access.tenant(), () -> {
            if (scenarios
                            .of(access.tenant(), access.contract(), access.person(), now)
                            .size()
                    >= MOST_SHARED) {
                throw Refused.because("billing.whatIf.tooManyShared", MOST_SHARED);
            }
            var scenario = new Scenario(
                    access.tenant(),
                    access.contract(),
                    Ids.at(now.toEpochMilli()),
                    access.person(),
                    title.strip(),
                    hypotheses.stream().map(Hypothesis::coded).toList(),
                    moment.truncatedTo(ChronoUnit.MICROS),
                    access.may(Capability.READ_MONEY),
                    anonymous(sandbox.real()).toJson(),
                    anonymous(sandbox.supposed()).toJson(),
                    now,
                    now.plus(days, ChronoUnit.DAYS));
            scenarios.add(scenario);
            var link = links.issue(access.tenant(), PURPOSE, subject(scenario.id()), scenario.expiresAt(), false);
            events.publishEvent(new BillingEvent.ScenarioShared(
                    access.tenant(),
                    access.contract(),
                    scenario.id(),
                    scenario.money(),
                    scenario.expiresAt(),
                    now,
                    access.person()));
            return address(link);
        });
    }

    /** @param address where it opens */
    record Shared(Scenario scenario, String address) {}

    /** What the person shared of a contract and has not ended. */
    List<Shared> shared(Access access) {
        return tenancy.read(
                access.tenant(),
                () -> scenarios.of(access.tenant(), access.contract(), access.person(), clock.instant()).stream()
                        .<Shared>mapMulti((scenario, next) ->
                                links.of(access.tenant(), PURPOSE, subject(scenario.id())).stream()
                                        .findFirst()
                                        .ifPresent(link -> next.accept(new Shared(scenario, address(link)))))
                        .toList());
    }

    /** Ends a link at once; only who shared it can. */
    void end(Access access, UUID id) {
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        tenancy.write(access.tenant(), () -> {
            var scenario = scenarios.get(access.tenant(), id, now);
            if (!scenario.contract().equals(access.contract())
                    || !scenario.person().equals(access.person())) {
                throw new Unknown("scenario " + id);
            }
            links.revoke(access.tenant(), PURPOSE, subject(id));
            scenarios.end(access.tenant(), id, now);
            events.publishEvent(
                    new BillingEvent.ScenarioEnded(access.tenant(), access.contract(), id, now, access.person()));
        });
    }

    /** @param sandbox as it was when it was shared */
    record Opened(Scenario scenario, Sandbox sandbox) {}

    /**
     * Opens a shared what-if without signing in.
     *
     * @param from the caller's network address
     * @throws Unknown when the link is not good, or who shared it has no standing under the contract any more
     */
    Opened open(String token, String from) {
        var now = clock.instant();
        var link = links.open(token, PURPOSE, from);
        var scenario = tenancy.read(link.tenant(), () -> scenarios.get(link.tenant(), id(link.subject()), now));
        var sharer = standings.access(scenario.person(), scenario.contract(), now);
        if (!sharer.may(Capability.READ_CONTRACT) || (scenario.money() && !sharer.may(Capability.READ_MONEY))) {
            throw new Unknown("scenario " + scenario.id());
        }
        return new Opened(
                scenario,
                new Sandbox(
                        Simulation.read(scenario.real()),
                        Simulation.read(scenario.supposed()),
                        scenario.parsed(),
                        calendar));
    }

    private String address(Link link) {
        return site + "/what-if/" + links.token(link);
    }

    private static String subject(UUID scenario) {
        return "scenario/" + scenario;
    }

    private static UUID id(String subject) {
        return UUID.fromString(subject.substring(subject.indexOf('/') + 1));
    }

    /** Without the names and addresses of the parties, which no verdict needs. */
    private static Simulation anonymous(Simulation simulation) {
        return new Simulation(
                anonymous(simulation.terms()),
                simulation.effective(),
                simulation.rates(),
                simulation.facts(),
                simulation.asOf(),
                simulation.amendments().stream()
                        .map(one -> new Amended(one.agreedAt(), one.from(), anonymous(one.terms())))
                        .toList());
    }

    private static ContractTerms anonymous(ContractTerms terms) {
        return new ContractTerms(
                anonymous(terms.client()),
                anonymous(terms.provider()),
                terms.term(),
                terms.fee(),
                terms.due(),
                terms.late(),
                terms.receipt(),
                terms.suspension(),
                terms.termination(),
                terms.zone(),
                null,
                terms.unconfirmed());
    }

    private static PartyTerms anonymous(PartyTerms party) {
        return new PartyTerms("", "", party.size());
    }
}
