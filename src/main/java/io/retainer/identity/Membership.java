package io.retainer.identity;

import java.util.UUID;

/** A person's role in an organisation, as of now. */
public record Membership(UUID person, UUID organisation, Role role) {}
