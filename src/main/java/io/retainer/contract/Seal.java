package io.retainer.contract;

import io.retainer.kernel.Refused;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A seal of a company: an asset that one person keeps and only that person sets (I-S.1, I-S.2).
 *
 * @param organisation that owns it
 */
public record Seal(
        UUID organisation,
        UUID id,
        Kind kind,
        String name,
        UUID keeper,
        Instant grantedAt,
        @Nullable Instant revokedAt,
        int version) {

    /** What a seal is good for. */
    public enum Kind {
        /** 公章. */
        COMPANY,
        /** 合同专用章. */
        CONTRACT
    }

    /** An entry of a seal's log. */
    record Keeping(
            int serial,
            EntryKind kind,
            UUID person,
            @Nullable UUID keeper,
            @Nullable String reason,
            Instant at) {}

    /** What became of a seal. */
    enum EntryKind {
        GRANTED,
        HANDED_OVER,
        REVOKED
    }

    /** @throws Refused unless it may be set, and by this person */
    void requireUsableBy(UUID person) {
        requireInUse();
        if (!keeper.equals(person)) {
            throw Refused.field("seal", "contract.seal.refused.notKeeper", name);
        }
    }

    Seal handOver(UUID to) {
        requireInUse();
        if (to.equals(keeper)) {
            throw Refused.field("keeper", "contract.seal.refused.keeperAlready", name);
        }
        return new Seal(organisation, id, kind, name, to, grantedAt, null, version);
    }

    Seal revoke(Instant now) {
        requireInUse();
        return new Seal(organisation, id, kind, name, keeper, grantedAt, now, version);
    }

    private void requireInUse() {
        if (revokedAt != null) {
            throw Refused.field("seal", "contract.seal.refused.revoked", name, revokedAt);
        }
    }
}
