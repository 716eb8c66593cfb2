package io.retainer.contract;

import io.retainer.kernel.Party;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One party's signature under one version.
 *
 * @param signatory the person who sealed or signed
 * @param authority what proves that the signatory may bind the party
 * @param person null for somebody who signed by a link, without an account
 * @param paper SHA-256 of the paper that proves it, or null
 * @param seal name of the registered seal that was set, or null
 */
record Signature(
        Party party,
        String hash,
        SignatureMode mode,
        String signatory,
        String authority,
        @Nullable UUID person,
        Instant signedAt,
        @Nullable AuthorityBasis basis,
        @Nullable String paper,
        @Nullable String seal) {

    Signature(
            Party party,
            String hash,
            SignatureMode mode,
            String signatory,
            String authority,
            @Nullable UUID person,
            Instant signedAt) {
        this(party, hash, mode, signatory, authority, person, signedAt, null, null, null);
    }
}
