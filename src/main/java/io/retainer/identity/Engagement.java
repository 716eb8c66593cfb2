package io.retainer.identity;

import io.retainer.kernel.Party;
import java.util.UUID;

/** An organisation's part in one contract that gives its people standing now. */
public record Engagement(UUID tenant, UUID contract, UUID organisation, Party party) {}
