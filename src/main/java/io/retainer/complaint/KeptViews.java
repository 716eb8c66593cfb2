package io.retainer.complaint;

import static io.retainer.identity.Capability.READ_COMPLAINTS;

import io.retainer.identity.Access;
import io.retainer.identity.Membership;
import io.retainer.identity.People;
import io.retainer.kernel.Refused;
import io.retainer.kernel.Tenancy;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** The filters of the queue that people keep under a name of their own. */
@Service
class KeptViews {

    private static final int MOST = 30;
    private static final int LONGEST_NAME = 40;
    private static final int LONGEST_FILTER = 500;

    private final SettingRows settings;
    private final People people;
    private final Tenancy tenancy;

    KeptViews(SettingRows settings, People people, Tenancy tenancy) {
        this.settings = settings;
        this.people = people;
        this.tenancy = tenancy;
    }

    List<SettingRows.View> of(Access access) {
        access.require(READ_COMPLAINTS);
        return tenancy.read(access.tenant(), () -> settings.views(access.tenant(), access.contract(), access.person()));
    }

    void keep(Access access, String name, Filter filter) {
        access.require(READ_COMPLAINTS);
        keep(access.tenant(), access.contract(), access.person(), name, filter);
    }

    void drop(Access access, UUID view) {
        access.require(READ_COMPLAINTS);
        tenancy.write(
                access.tenant(), () -> settings.dropView(access.tenant(), access.contract(), access.person(), view));
    }

    /** Of the queue over all contracts; kept with the person's own organisation, because they are nobody else's. */
    List<SettingRows.View> own(UUID person) {
        return home(person)
                .map(home -> tenancy.read(home, () -> settings.views(home, null, person)))
                .orElse(List.of());
    }

    void keepOwn(UUID person, String name, Filter filter) {
        home(person).ifPresent(home -> keep(home, null, person, name, filter));
    }

    void dropOwn(UUID person, UUID view) {
        home(person).ifPresent(home -> tenancy.write(home, () -> settings.dropView(home, null, person, view)));
    }

    private Optional<UUID> home(UUID person) {
        return people.memberships(person).stream().map(Membership::organisation).findFirst();
    }

    private void keep(UUID tenant, @Nullable UUID contract, UUID person, String name, Filter filter) {
        var plain = name.strip();
        if (plain.isEmpty() || plain.length() > LONGEST_NAME) {
            throw Refused.field("name", "complaint.view.name", LONGEST_NAME);
        }
        filter.check();
        if (filter.query().length() > LONGEST_FILTER) {
            throw Refused.field("product", "complaint.view.long");
        }
        tenancy.write(tenant, () -> {
            var kept = settings.views(tenant, contract, person);
            if (kept.size() >= MOST
                    && kept.stream().noneMatch(view -> view.name().equals(plain))) {
                throw Refused.field("name", "complaint.view.many", MOST);
            }
            settings.keepView(tenant, contract, person, plain, filter.query());
        });
    }
}
