package io.retainer.identity;

import java.util.UUID;

/** A company or other body. Being client, provider or third party is a role in a contract, not a kind of organisation. */
public record Organisation(UUID id, String name) {}
