package io.retainer.duty;

import java.time.Instant;
import java.util.UUID;

/**
 * A duty that will fall due.
 *
 * @param dueAt the first instant that is late
 */
public record UpcomingDuty(UUID tenant, UUID contract, UUID duty, Instant dueAt) {}
