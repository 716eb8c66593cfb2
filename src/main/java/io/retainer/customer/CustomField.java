package io.retainer.customer;

import java.util.UUID;

/**
 * Something a client wants to know of its customers besides.
 *
 * @param key in files and the API
 * @param personal whether its values are sealed
 */
public record CustomField(UUID id, String key, String label, Type type, boolean personal) {

    /** What its values are; all are stored in a form that compares as text. */
    public enum Type {
        TEXT,
        NUMBER,
        DATE,
        FLAG
    }
}
