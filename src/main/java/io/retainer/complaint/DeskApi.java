package io.retainer.complaint;

import static io.retainer.identity.Capability.APPROVE_REMEDY;
import static io.retainer.identity.Capability.LEAD_COMPLAINTS;

import io.retainer.identity.Access;
import io.retainer.identity.Idempotency;
import io.retainer.kernel.Tenancy;
import io.retainer.kernel.Texts;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** How complaints under a contract are taken in and what is learned from them, as the pages show it. */
@RestController
@RequestMapping("/api/v1/contracts/{contract}/complaints")
class DeskApi {

    private final SettingRows rows;
    private final SettingController settings;
    private final TargetsInForce targets;
    private final Analysis analysis;
    private final KeptViews views;
    private final Idempotency idempotency;
    private final Tenancy tenancy;
    private final Clock clock;

    DeskApi(
            SettingRows rows,
            SettingController settings,
            TargetsInForce targets,
            Analysis analysis,
            KeptViews views,
            Idempotency idempotency,
            Tenancy tenancy,
            Clock clock) {
        this.rows = rows;
        this.settings = settings;
        this.targets = targets;
        this.analysis = analysis;
        this.views = views;
        this.idempotency = idempotency;
        this.tenancy = tenancy;
        this.clock = clock;
    }

    record CannedBody(UUID id, String title, String text) {}

    /**
     * @param form path of the public form, or null while it is closed
     * @param limit in yuan up to which the provider promises on its own
     * @param version of the contract in force, or null
     * @param hours the shifts of a working day by that version, such as {@code 09:00–12:00}
     */
    record SettingBody(
            @Nullable String form,
            @Nullable String mailbox,
            String limit,
            @Nullable Integer version,
            List<String> hours,
            List<CannedBody> canned) {}

    /** The public form, the mailbox, the limit of authority, the hours of service and the canned answers. */
    @GetMapping("/settings")
    SettingBody settings(Access access) {
        if (!access.may(APPROVE_REMEDY)) {
            access.require(LEAD_COMPLAINTS);
        }
        var inForce = targets.inForce(access.tenant(), access.contract(), clock.instant());
        return tenancy.read(access.tenant(), () -> {
            var setting = rows.setting(access.tenant(), access.contract());
            return new SettingBody(
                    setting.formKey() == null ? null : "/complaints/new/" + setting.formKey(),
                    setting.mailbox(),
                    setting.limit().yuan().toPlainString(),
                    inForce == null ? null : inForce.version(),
                    inForce == null ? List.of() : inForce.shifts(),
                    rows.canned(access.tenant(), access.contract()).stream()
                            .map(each -> new CannedBody(each.id(), each.title(), each.text()))
                            .toList());
        });
    }

    /** Opens the public form at a new address; an earlier one ends. */
    @PostMapping("/settings/form")
    SettingBody openForm(Access access) {
        settings.openForm(access);
        return settings(access);
    }

    /** Closes the public form. */
    @DeleteMapping("/settings/form")
    SettingBody closeForm(Access access) {
        settings.closeForm(access);
        return settings(access);
    }

    record MailboxBody(@Nullable String mailbox) {}

    /** Mails to this address become complaints; none when it is left out. */
    @PutMapping("/settings/mailbox")
    SettingBody mailbox(Access access, @RequestBody MailboxBody body) {
        settings.mailbox(access, body.mailbox() == null ? "" : body.mailbox());
        return settings(access);
    }

    record LimitBody(@Nullable String limit) {}

    /** The client says up to what amount the provider may promise on its own. */
    @PutMapping("/settings/limit")
    SettingBody limit(Access access, @RequestBody LimitBody body) {
        settings.limit(access, body.limit() == null ? "" : body.limit());
        return settings(access);
    }

    record CannedWanted(@Nullable String title, @Nullable String text) {}

    /** Keeps a canned answer; the variables are {@code [number]}, {@code [subject]}, {@code [agent]} and {@code [date]}. */
    @PostMapping("/settings/canned")
    @ResponseStatus(HttpStatus.CREATED)
    SettingBody can(
            Access access,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody CannedWanted body) {
        return idempotency.once(
                access, key, List.of(access.contract(), "complaints/canned", body), SettingBody.class, () -> {
                    settings.can(
                            access, body.title() == null ? "" : body.title(), body.text() == null ? "" : body.text());
                    return settings(access);
                });
    }

    /** Keeps a canned answer no longer. */
    @DeleteMapping("/settings/canned/{canned}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void uncan(Access access, @PathVariable UUID canned) {
        settings.uncan(access, canned);
    }

    record KeptView(UUID id, String name, String filter) {}

    /** Views this person keeps of the queue of this contract. */
    @GetMapping("/views")
    List<KeptView> views(Access access) {
        return views.of(access).stream()
                .map(view -> new KeptView(view.id(), view.name(), view.filter()))
                .toList();
    }

    /** Keeps the filter of the query under this name, in place of what was kept under it. */
    @PostMapping("/views")
    List<KeptView> keepView(Access access, @RequestParam String name, Filter filter) {
        views.keep(access, name, filter);
        return views(access);
    }

    /** Keeps a view no longer. */
    @DeleteMapping("/views/{view}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void dropView(Access access, @PathVariable UUID view) {
        views.drop(access, view);
    }

    /** @param part of {@code whole}; nothing is known of a share of nothing */
    record ShareBody(int part, int whole) {

        static ShareBody of(Figures.Share share) {
            return new ShareBody(share.part(), share.whole());
        }
    }

    /** @param key by which the queue is narrowed to it */
    record GroupBody(String name, String key, int count, ShareBody resolvedInTime) {}

    record MonthBody(String month, int received, int ended) {}

    /** @param cumulativePerMille share of all up to here */
    record CauseBody(RootCause cause, int count, long cumulativePerMille) {}

    record AgeBody(Age age, int count) {}

    record ActionBody(
            UUID id,
            RootCause cause,
            String text,
            String owner,
            LocalDate dueOn,
            @Nullable Instant doneAt,
            boolean late) {}

    record AnalysisBody(
            int days,
            int received,
            int open,
            int late,
            ShareBody acknowledgedInTime,
            ShareBody respondedInTime,
            ShareBody resolvedInTime,
            ShareBody visited,
            ShareBody reopened,
            ShareBody repeated,
            ShareBody escalated,
            List<MonthBody> months,
            List<AgeBody> ages,
            List<CauseBody> causes,
            List<GroupBody> categories,
            List<GroupBody> services,
            List<GroupBody> products,
            List<GroupBody> regions,
            List<GroupBody> owners,
            List<ActionBody> correctives) {}

    /** Volumes, ages, shares in time, root causes and who had them, of the complaints received within so many days. */
    @GetMapping("/analysis")
    AnalysisBody analysis(Access access, @RequestParam(defaultValue = "90") int days, Locale locale) {
        var report = analysis.report(access, days, Texts.in(locale));
        var f = report.figures();
        return new AnalysisBody(
                report.days(),
                f.received(),
                f.open(),
                f.late(),
                ShareBody.of(f.acknowledgedInTime()),
                ShareBody.of(f.respondedInTime()),
                ShareBody.of(f.resolvedInTime()),
                ShareBody.of(f.visited()),
                ShareBody.of(f.reopened()),
                ShareBody.of(f.repeated()),
                ShareBody.of(f.escalated()),
                f.months().entrySet().stream()
                        .map(month -> new MonthBody(
                                month.getKey().toString(),
                                month.getValue().received(),
                                month.getValue().ended()))
                        .toList(),
                f.ages().entrySet().stream()
                        .map(age -> new AgeBody(age.getKey(), age.getValue()))
                        .toList(),
                f.causes().stream()
                        .map(cause -> new CauseBody(cause.cause(), cause.count(), cause.cumulative()))
                        .toList(),
                groups(f.categories()),
                groups(f.services()),
                groups(f.products()),
                groups(f.regions()),
                groups(f.owners()),
                report.actions().stream()
                        .map(action -> new ActionBody(
                                action.id(),
                                action.cause(),
                                action.text(),
                                action.owner(),
                                action.dueOn(),
                                action.doneAt(),
                                action.late()))
                        .toList());
    }

    private static List<GroupBody> groups(List<Figures.Group> groups) {
        return groups.stream()
                .map(group -> new GroupBody(
                        group.name(), group.key().toString(), group.count(), ShareBody.of(group.inTime())))
                .toList();
    }

    /**
     * @param owner who works on complaints under this contract
     * @param dueOn last day
     */
    record CorrectiveWanted(
            @Nullable RootCause cause,
            @Nullable String text,
            @Nullable UUID owner,
            @Nullable LocalDate dueOn) {}

    record CorrectiveMade(UUID id) {}

    /** Something is done about a root cause, by somebody, until a day: the provider owes it from now on (I-1.2b). */
    @PostMapping("/correctives")
    @ResponseStatus(HttpStatus.CREATED)
    CorrectiveMade correct(
            Access access,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody CorrectiveWanted body) {
        return idempotency.once(
                access,
                key,
                List.of(access.contract(), "complaints/correctives", body),
                CorrectiveMade.class,
                () -> new CorrectiveMade(
                        analysis.correct(access, body.cause(), body.text(), body.owner(), body.dueOn())));
    }

    /** It is done. */
    @PostMapping("/correctives/{action}/done")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void corrected(Access access, @PathVariable UUID action) {
        analysis.corrected(access, action);
    }
}
