package io.retainer.contract;

import io.retainer.kernel.Party;
import java.time.Instant;
import java.util.UUID;

/**
 * One party's signature under one version.
 *
 * @param signatory the person who sealed or signed
 * @param authority what proves that the signatory may bind the party
 */
record Signature(
        Party party,
        String hash,
        SignatureMode mode,
        String signatory,
        String authority,
        UUID person,
        Instant signedAt) {}
