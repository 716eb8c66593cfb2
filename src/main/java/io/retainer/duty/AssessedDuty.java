package io.retainer.duty;

/** A duty and how it stands at the instant that was asked about. */
public record AssessedDuty(Duty duty, Assessment assessment) {}
