package io.retainer.workorder;

/** A file as it was sent, not yet looked at. */
public record NewFile(String name, FileContent content) {}
