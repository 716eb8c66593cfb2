package io.retainer.relationship;

/** Where a task is. */
public enum TaskState {
    OPEN,
    DONE,
    DROPPED
}
