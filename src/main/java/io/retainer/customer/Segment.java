package io.retainer.customer;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A group of the client's customers.
 *
 * @param rule whoever fits it belongs, asked anew each time; null for a list kept by hand
 * @param version rises with every change
 */
public record Segment(
        UUID id, String name, @Nullable Rule rule, UUID madeBy, Instant madeAt, Instant changedAt, int version) {}
