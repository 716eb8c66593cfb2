package io.retainer.customer;

/** What an uploaded file is. */
public enum ImportFormat {
    CSV,
    JSONL,
    XLSX,
    VCARD
}
