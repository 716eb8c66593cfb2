package io.retainer.contract;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.retainer.contract.SigningEvent.CounterpartIssued;
import io.retainer.document.DocumentSigner;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Texts;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

/**
 * Makes the two numbered counterparts of a signed contract (I-7.1a): a PDF each, with its page of signatures and the
 * platform's PAdES signature, kept as it was made and named in the ledger by its hash. Right after the last signature; what
 * was interrupted is made up for by a scan.
 */
@Component
public class SignedPapers {

    private static final Logger log = LoggerFactory.getLogger(SignedPapers.class);
    private static final int MOST = 100;

    private final ContractRows contracts;
    private final SigningRows rows;
    private final DocumentSigner signer;
    private final Tenancy tenancy;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    SignedPapers(
            ContractRows contracts,
            SigningRows rows,
            DocumentSigner signer,
            Tenancy tenancy,
            ApplicationEventPublisher events,
            Clock clock) {
        this.contracts = contracts;
        this.rows = rows;
        this.signer = signer;
        this.tenancy = tenancy;
        this.events = events;
        this.clock = clock;
    }

    /** Makes whatever is waiting. */
    public void run(Instant now) {
        for (var due : rows.unmade(now, MOST)) {
            tryToMake(due.tenant(), due.contract(), due.number());
        }
    }

    /** Makes those of one contract that are waiting; a failure leaves them to the scan. */
    void after(UUID tenant, UUID contract) {
        var number = tenancy.read(tenant, () -> contracts.get(tenant, contract).number());
        tryToMake(tenant, contract, number);
    }

    private void tryToMake(UUID tenant, UUID contract, int number) {
        try {
            make(tenant, contract, number);
        } catch (RuntimeException e) {
            log.warn("The counterparts of contract {} are left for the next look", contract, e);
        }
    }

    private record Given(
            ContractVersion version, List<Signature> signatures, List<ContractRows.Counterpart> waiting, int copies) {}

    private void make(UUID tenant, UUID contract, int number) {
        var given = tenancy.read(tenant, () -> {
            var open = rows.files(tenant, contract, number).stream()
                    .filter(file -> file.hash() == null)
                    .map(SigningRows.File::copy)
                    .toList();
            var all = contracts.counterparts(tenant, contract, number);
            return new Given(
                    contracts.version(tenant, contract, number),
                    contracts.signatures(tenant, contract, number),
                    all.stream()
                            .filter(counterpart -> open.contains(counterpart.copy()))
                            .toList(),
                    all.size());
        });
        for (var counterpart : given.waiting()) {
            var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
            // Outside of a transaction: typesetting takes a while.
            var pdf = signer.sign(
                    PrintedContract.counterpart(
                                    given.version(),
                                    given.signatures(),
                                    counterpart,
                                    given.copies(),
                                    Texts.in(Texts.CHINESE))
                            .pdf(),
                    "SHA-256 " + given.version().hash() + " · " + counterpart.copy() + "/" + given.copies(),
                    now);
            tenancy.write(tenant, () -> {
                if (rows.keepFile(tenant, contract, number, counterpart.copy(), pdf, now)) {
                    events.publishEvent(new CounterpartIssued(
                            tenant, contract, number, counterpart.copy(), counterpart.holder(), Hashes.of(pdf), now));
                }
            });
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class EveryMinute {

        @Bean
        RecurringTask<Void> counterpartTask(SignedPapers papers, Clock clock) {
            return Tasks.recurring("contract-counterparts", FixedDelay.ofMinutes(1))
                    .execute((_, _) -> papers.run(clock.instant()));
        }
    }
}
