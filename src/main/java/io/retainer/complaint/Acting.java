package io.retainer.complaint;

import static io.retainer.complaint.Act.given;

import io.retainer.identity.Access;
import io.retainer.identity.Capability;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Unknown;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.web.multipart.MultipartFile;

/** Carries out what was asked for by name, one at a time or for many complaints at once. */
@Component
class Acting {

    private static final int MOST_AT_ONCE = 100;

    private final Complaints complaints;
    private final Correspondence correspondence;
    private final Linking linking;
    private final Questions questions;
    private final ComplaintRows rows;
    private final Staff staff;
    private final DeskSkills skills;
    private final io.retainer.kernel.Tenancy tenancy;

    Acting(
            Complaints complaints,
            Correspondence correspondence,
            Linking linking,
            Questions questions,
            ComplaintRows rows,
            Staff staff,
            DeskSkills skills,
            io.retainer.kernel.Tenancy tenancy) {
        this.complaints = complaints;
        this.correspondence = correspondence;
        this.linking = linking;
        this.questions = questions;
        this.rows = rows;
        this.staff = staff;
        this.skills = skills;
        this.tenancy = tenancy;
    }

    /** @throws Unknown when there is no act of this name */
    void act(Access access, UUID id, String name, Act a, List<Upload> files) {
        var version = a.version();
        switch (name) {
            case "register" -> complaints.register(access, id, version, given("sought", a.sought()));
            case "acknowledge" -> complaints.acknowledge(access, id, version);
            case "assess" -> complaints.assess(access, id, version, a.assessed(), a.service(), a.reason());
            case "assign" ->
                complaints.assign(
                        access,
                        id,
                        version,
                        given("owner", a.owner()),
                        staff.workers(access.contract()).keySet());
            case "take" ->
                complaints.assign(
                        access,
                        id,
                        version,
                        access.person(),
                        staff.workers(access.contract()).keySet());
            case "next" ->
                complaints.assign(
                        access,
                        id,
                        version,
                        skills.next(access, id),
                        staff.workers(access.contract()).keySet());
            case "redirect" ->
                complaints.redirect(access, id, version, given("why", a.why()), given("reason", a.reason()));
            case "merge" -> complaints.merge(access, id, version, given("into", a.into()));
            case "split" -> complaints.split(access, id, version, given("text", a.text()));
            case "investigate" -> complaints.investigate(access, id, version);
            case "propose" ->
                complaints.propose(
                        access,
                        id,
                        version,
                        given("cause", a.cause()),
                        given("remedy", a.remedy()),
                        a.money(),
                        given("text", a.text()));
            case "approve" -> complaints.approve(access, id, version);
            case "approveByClient" -> complaints.approveByClient(access, id, version);
            case "sendBack" -> complaints.sendBack(access, id, version, given("reason", a.reason()));
            case "communicate" -> complaints.communicate(access, id, version, given("text", a.text()));
            case "accept" -> complaints.accept(access, id, version);
            case "reject" -> complaints.reject(access, id, version, a.reason());
            case "miss" -> complaints.missVisit(access, id, version);
            case "visit" -> complaints.visit(access, id, version, given("satisfied", a.satisfied()), a.text());
            case "close" -> complaints.close(access, id, version, given("cause", a.cause()), a.text());
            case "reopen" -> complaints.reopen(access, id, version, given("reason", a.reason()));
            case "external" -> complaints.external(access, id, version, given("body", a.body()), a.reason());
            case "pause" -> complaints.pause(access, id, version, given("whom", a.whom()), given("reason", a.reason()));
            case "resume" -> complaints.resume(access, id, version);
            case "note" ->
                correspondence.note(access, id, given("text", a.text()), files, staff.workers(access.contract()));
            case "reply" -> correspondence.reply(access, id, given("text", a.text()), files);
            case "statement" -> {
                access.require(Capability.WORK_COMPLAINTS);
                tenancy.read(access.tenant(), () -> rows.get(access.tenant(), access.contract(), id));
                correspondence.statement(access.tenant(), id, given("text", a.text()), files, access.person());
            }
            case "ask" ->
                questions.ask(
                        access,
                        id,
                        given("whom", a.whom()),
                        given("days", a.days()),
                        given("text", a.text()),
                        a.email(),
                        "en".equals(a.language()) ? "en" : "zh");
            case "answer" ->
                questions.answer(access, id, given("question", a.question()), given("text", a.text()), files);
            case "link" -> linking.link(access, id, a.customer());
            default -> throw new Unknown("act " + name);
        }
    }

    /** One that was refused, by the number people call it. */
    record No(long number, Refused why) {}

    /** What became of each complaint. */
    record Done(int done, List<No> refused) {}

    /** The same for many; what is refused for one does not keep the others from it. */
    Done all(Access access, List<UUID> ids, String name, Act a) {
        access.require(Capability.WORK_COMPLAINTS);
        return all(
                List.of(access), ids.stream().map(id -> new Place(access, id)).toList(), name, a);
    }

    /**
     * The same over several contracts, each under the standing there.
     *
     * @param places each as the contract and the complaint, with a bar between
     * @throws Unknown when one of them is not to be seen by this person; then nothing has been done
     */
    Done overAll(List<Access> accesses, List<String> places, String name, Act a) {
        var found = new ArrayList<Place>();
        for (var place : places) {
            try {
                int bar = place.indexOf('_');
                var contract = UUID.fromString(place.substring(0, bar));
                var access = accesses.stream()
                        .filter(each -> each.contract().equals(contract))
                        .findFirst()
                        .orElseThrow(() -> new Unknown("contract " + contract));
                found.add(new Place(access, UUID.fromString(place.substring(bar + 1))));
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                throw new Unknown("complaint " + place);
            }
        }
        return all(accesses, found, name, a);
    }

    private record Place(Access access, UUID complaint) {}

    private Done all(List<Access> accesses, List<Place> places, String name, Act a) {
        if (places.isEmpty() || places.size() > MOST_AT_ONCE) {
            throw Refused.field("ids", "complaint.bulk.choose", MOST_AT_ONCE);
        }
        if (!List.of("take", "next", "assign", "acknowledge", "investigate", "note")
                .contains(name)) {
            throw new Unknown("act for many " + name);
        }
        if (name.equals("assign")) {
            given("owner", a.owner());
        }
        if (accesses.stream().noneMatch(access -> access.may(Capability.WORK_COMPLAINTS))) {
            accesses.forEach(access -> access.require(Capability.WORK_COMPLAINTS));
        }
        var numbered = new LinkedHashMap<Place, Long>();
        places.forEach(
                place -> numbered.computeIfAbsent(place, each -> complaints.number(each.access(), each.complaint())));
        int done = 0;
        var refused = new ArrayList<No>();
        for (var one : numbered.entrySet()) {
            var place = one.getKey();
            try {
                if (!place.access().may(Capability.WORK_COMPLAINTS)) {
                    throw Refused.because("complaint.bulk.readsOnly");
                }
                act(place.access(), place.complaint(), name, a, List.of());
                done++;
            } catch (Refused refusal) {
                refused.add(new No(one.getValue(), refusal));
            }
        }
        return new Done(done, refused);
    }

    /** @throws Refused naming the file that cannot be taken */
    static List<Upload> uploads(Collection<MultipartFile> files) {
        var uploads = new ArrayList<Upload>();
        for (var file : files) {
            if (!file.isEmpty() || !String.valueOf(file.getOriginalFilename()).isBlank()) {
                try {
                    uploads.add(Upload.checked(String.valueOf(file.getOriginalFilename()), file.getBytes()));
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }
        }
        return uploads;
    }
}
