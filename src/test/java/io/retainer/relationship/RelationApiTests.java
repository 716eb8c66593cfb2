package io.retainer.relationship;

import static io.retainer.relationship.RelationWorld.signedIn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.authentication;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;

import io.retainer.PostgresTest;
import io.retainer.TurnableClock;
import io.retainer.duty.Duties;
import io.retainer.identity.Access;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Texts;
import io.retainer.relationship.RelationRows.View;
import java.io.UnsupportedEncodingException;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What programs can do with relations, calls, tasks and opportunities; each creating call once. */
@SpringBootTest(properties = "db-scheduler.enabled=false")
@AutoConfigureMockMvc
@Import({PostgresTest.class, RelationWorld.class})
class RelationApiTests {

    @Autowired
    Relations relations;

    @Autowired
    RelationDesk desk;

    @Autowired
    Tasks tasks;

    @Autowired
    Referrals referrals;

    @Autowired
    Ties ties;

    @Autowired
    Duties duties;

    @Autowired
    TurnableClock clock;

    @Autowired
    RelationWorld.Parties parties;

    @Autowired
    MockMvcTester browser;

    private Access ann;
    private RelationWorld.Signed signed;
    private String base;
    private UUID customer;

    @BeforeEach
    void aCustomer() {
        signed = parties.sign();
        ann = signed.ann();
        relations.rule(signed.lead(), new PoolRules(5, 60, 7, Map.of(Tier.KEY, 30), 0));
        base = "/api/v1/contracts/" + ann.contract() + "/relationships";
        customer = parties.known(signed, "李静");
    }

    @Test
    void eachThingIsMadeOnce() {
        var begin = Map.of("customer", customer, "tier", "KEY");
        assertThat(post(ann, base, "k1", begin, 201).path("id").asString()).isEqualTo(customer.toString());
        assertThat(post(ann, base, "k1", begin, 201).path("id").asString()).isEqualTo(customer.toString());
        assertThat(post(ann, base, "k2", begin, 409).path("code").asString()).isEqualTo("relationship.refused.begun");
        post(ann, base + "/" + customer + "/acts", null, Map.of("act", "PICK"), 200);

        var visit = Map.of("kind", "VISIT", "reached", true, "words", "面谈");
        var touched = post(ann, base + "/" + customer + "/touches", "k3", visit, 201);
        assertThat(post(ann, base + "/" + customer + "/touches", "k3", visit, 201))
                .isEqualTo(touched);

        var task = Map.of("kind", "CALL", "words", "回电", "day", "2025-02-14", "time", "09:30", "remind", 1);
        var planned = post(ann, base + "/" + customer + "/tasks", "k4", task, 201);
        assertThat(post(ann, base + "/" + customer + "/tasks", "k4", task, 201)).isEqualTo(planned);
        var own = get(ann, "/api/v1/tasks");
        assertThat(own.path("items").size()).isEqualTo(1);
        assertThat(own.path("items").path(0).path("words").asString()).isEqualTo("回电");

        var sale = Map.of("title", "储值卡", "amount", 100.5, "stage", "OFFER", "expectedOn", "2025-03-01");
        var seen = post(ann, base + "/" + customer + "/opportunities", "k5", sale, 201);
        assertThat(post(ann, base + "/" + customer + "/opportunities", "k5", sale, 201))
                .isEqualTo(seen);
        var list = get(ann, base + "/opportunities");
        assertThat(list.path("items").size()).isEqualTo(1);
        assertThat(list.path("forecast").path(0).path("weighted").asString()).isEqualTo("50.25");
        assertThat(list.path("oddsAgreed").asBoolean()).isFalse();
        assertThat(get(ann, base + "/" + customer).path("steps").values().stream()
                        .map(step -> step.path("says").asString()))
                .filteredOn(says -> says.equals("Visited and met"))
                .hasSize(1);
    }

    @Test
    void actsFollowTheRulesAndSayWhatIsMissing() {
        post(ann, base, null, Map.of("customer", customer, "tier", "KEY"), 201);
        var acts = base + "/" + customer + "/acts";
        assertThat(post(ann, acts, null, Map.of(), 422).path("field").asString())
                .isEqualTo("act");
        post(ann, acts, null, Map.of("act", "PICK"), 200);
        assertThat(post(signed.bob(), acts, null, Map.of("act", "RELEASE"), 409)
                        .path("code")
                        .asString())
                .isEqualTo("relationship.refused.notYours");
        var task = post(
                        ann,
                        base + "/" + customer + "/tasks",
                        null,
                        Map.of("kind", "SEND", "words", "寄册子", "day", "2025-02-14"),
                        201)
                .path("id")
                .asString();
        var opportunity = post(
                        ann,
                        base + "/" + customer + "/opportunities",
                        null,
                        Map.of("title", "卡", "amount", 10, "expectedOn", "2025-03-01"),
                        201)
                .path("id")
                .asString();
        var moved = post(
                signed.lead(),
                base + "/hand-over",
                null,
                Map.of("from", ann.person(), "to", signed.bob().person()),
                200);
        assertThat(moved.path("customers").asInt()).isEqualTo(1);
        assertThat(moved.path("belongings").asInt()).isEqualTo(2);
        var done = post(signed.bob(), base + "/tasks/" + task + "/acts", null, Map.of("act", "DONE"), 200);
        assertThat(done.path("state").asString()).isEqualTo("DONE");
        var won = post(
                signed.bob(),
                base + "/opportunities/" + opportunity + "/acts",
                null,
                Map.of("act", "WIN", "amount", 9.5),
                200);
        assertThat(won.path("amount").asString()).isEqualTo("9.50");
        post(signed.bob(), base + "/opportunities/" + opportunity + "/acts", null, Map.of("act", "LOSE"), 422);
        assertThat(get(ann, base + "?view=DORMANT").path("definition").path(0).asString())
                .contains("90");
        post(signed.owner(), acts, null, Map.of("act", "PICK"), 409);
    }

    /** Both were looked after: one history, one holder, the later contact; and all of it back when the merge is undone. */
    @Test
    void mergedCustomersHaveOneRelationAndTwoAgainAfterwards() {
        var second = parties.known(signed, "王强");
        relations.begin(ann, customer, Tier.KEY);
        relations.begin(ann, second, Tier.REGULAR);
        relations.pick(signed.bob(), second);
        clock.set("2025-02-12T10:00");
        relations.touch(signed.bob(), second, TouchKind.VISIT, null, true, "面谈", clock.instant());
        var task = tasks.plan(
                signed.bob(),
                second,
                new Tasks.Wanted(TaskKind.SEND, "寄册子", LocalDate.of(2025, 2, 20), null, null, null, null));
        var third = parties.known(signed, "赵六");
        relations.begin(ann, third, Tier.KEY);
        referrals.note(ann, third, second);

        var merges = "/api/v1/contracts/" + ann.contract() + "/merges";
        var merge = post(ann, merges, null, Map.of("first", customer, "second", second), 201);
        var survivor = UUID.fromString(merge.path("survivor").asString());
        var merged = UUID.fromString(merge.path("merged").asString());
        assertThat(survivor).isIn(customer, second);
        var one = desk.whole(ann, merged);
        assertThat(one.customer().id()).isEqualTo(survivor);
        var relation = Objects.requireNonNull(one.relation());
        assertThat(relation.agent()).isEqualTo(signed.bob().person());
        assertThat(relation.lastContactAt()).isEqualTo(RelationWorld.at("2025-02-12T10:00"));
        assertThat(says(one)).contains("Visited and met").anyMatch(says -> says.startsWith("Merged with the relation"));
        assertThat(says(one).stream().filter(says -> says.startsWith("Looked after")))
                .hasSize(2);
        assertThat(tasks.line(ann, task).task().customer()).isEqualTo(survivor);
        assertThat(referrals.of(ann, survivor).of()).hasSize(1);
        assertThat(desk.page(ann, View.ALL, "", null, 30).lines()).hasSize(2);
        assertThat(desk.page(signed.bob(), View.MINE, "", null, 30).lines()).hasSize(1);
        // One contact is owed, not two.
        assertThat(owed()).isEqualTo(2);

        clock.set("2025-02-14T10:00");
        post(ann, merges + "/" + merge.path("id").asString() + "/undo", null, Map.of(), 200);
        var first = Objects.requireNonNull(desk.whole(ann, customer).relation());
        var back = Objects.requireNonNull(desk.whole(ann, second).relation());
        assertThat(first.pooled()).isTrue();
        assertThat(first.lastContactAt()).isNull();
        assertThat(first.tier()).isEqualTo(Tier.KEY);
        assertThat(back.agent()).isEqualTo(signed.bob().person());
        assertThat(back.lastContactAt()).isEqualTo(RelationWorld.at("2025-02-12T10:00"));
        assertThat(back.tier()).isEqualTo(Tier.REGULAR);
        assertThat(tasks.line(ann, task).task().customer()).isEqualTo(second);
        assertThat(referrals.of(ann, second).of()).hasSize(1);
        assertThat(desk.page(ann, View.ALL, "", null, 30).lines()).hasSize(3);
        assertThat(owed()).isEqualTo(2);
    }

    /** Said of either of two who are one, it is said of the one once; apart again, each has what was its own. */
    @Test
    void tiesGoAlongWhenCustomersBecomeOne() {
        var second = parties.known(signed, "王强");
        var parent = parties.known(signed, "赵大");
        var supplier = parties.known(signed, "钱二");
        var base = "/api/v1/contracts/" + ann.contract() + "/relationships/";
        for (var child : List.of(customer, second)) {
            post(ann, base + child + "/acts", null, Map.of("act", "TIE", "tieKind", "PARENT", "other", parent), 200);
        }
        post(ann, base + second + "/acts", null, Map.of("act", "TIE", "tieKind", "SUPPLIER", "other", supplier), 200);
        post(ann, base + customer + "/acts", null, Map.of("act", "TIE", "tieKind", "PARTNER", "other", second), 200);
        var merges = "/api/v1/contracts/" + ann.contract() + "/merges";
        var merge = post(ann, merges, null, Map.of("first", customer, "second", second), 201);
        var survivor = UUID.fromString(merge.path("survivor").asString());
        assertThat(others(survivor)).containsOnlyOnce(parent).contains(supplier).doesNotContain(survivor);
        post(ann, merges + "/" + merge.path("id").asString() + "/undo", null, Map.of(), 200);
        assertThat(others(customer)).containsExactlyInAnyOrder(parent, second);
        assertThat(others(second)).containsExactlyInAnyOrder(parent, supplier, customer);
        var tie = ties.of(ann, supplier).getFirst().id();
        post(ann, base + supplier + "/acts", null, Map.of("act", "UNTIE", "tie", tie), 200);
        assertThat(others(supplier)).isEmpty();
    }

    private List<UUID> others(UUID of) {
        return ties.of(ann, of).stream().map(tie -> tie.other().id()).toList();
    }

    /** Nobody looked after the one that stays: the relation goes over to it, and comes back. */
    @Test
    void theOnlyRelationGoesToTheSurvivorAndComesBack() {
        var second = parties.known(signed, "王强");
        var merges = "/api/v1/contracts/" + ann.contract() + "/merges";
        // Which one stays does not depend on the relation; so it is tried from both sides.
        relations.begin(ann, second, Tier.KEY);
        relations.pick(ann, second);
        var merge = post(ann, merges, null, Map.of("first", customer, "second", second), 201);
        var survivor = UUID.fromString(merge.path("survivor").asString());
        var whole = desk.whole(ann, survivor);
        assertThat(Objects.requireNonNull(whole.relation()).agent()).isEqualTo(ann.person());
        assertThat(whole.owed()).isNotNull();
        post(ann, merges + "/" + merge.path("id").asString() + "/undo", null, Map.of(), 200);
        assertThat(desk.whole(ann, customer).relation()).isNull();
        var back = desk.whole(ann, second);
        assertThat(Objects.requireNonNull(back.relation()).agent()).isEqualTo(ann.person());
        assertThat(back.owed()).isNotNull();
        assertThat(owed()).isEqualTo(1);
    }

    private List<String> says(RelationDesk.Whole whole) {
        var english = Texts.in(Locale.ENGLISH);
        return whole.steps().stream().map(step -> english.say(step.says())).toList();
    }

    private long owed() {
        return duties.ofContract(ann.tenant(), ann.contract(), clock.instant()).stream()
                .filter(duty -> duty.duty().clause() == Clause.I_1_1_3)
                .filter(duty -> duty.assessment().state().owed())
                .count();
    }

    private JsonNode post(Access who, String path, @Nullable String key, Object body, int status) {
        var request = browser.post()
                .uri(path)
                .servletPath(path)
                .header("Accept-Language", "en")
                .contentType(MediaType.APPLICATION_JSON)
                .content(JsonMapper.shared().writeValueAsString(body))
                .with(authentication(signedIn(who)))
                .with(csrf());
        var answer = (key == null ? request : request.header("Idempotency-Key", key)).exchange();
        assertThat(answer).hasStatus(status);
        return read(answer);
    }

    private JsonNode get(Access who, String path) {
        var answer = browser.get()
                .uri(path)
                .servletPath(path.replaceAll("\\?.*", ""))
                .header("Accept-Language", "en")
                .with(authentication(signedIn(who)))
                .exchange();
        assertThat(answer).hasStatusOk();
        return read(answer);
    }

    private static JsonNode read(MvcTestResult answer) {
        try {
            return JsonMapper.shared().readTree(answer.getResponse().getContentAsString());
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException(e);
        }
    }
}
