package io.retainer.matching;

/** What a column holds, which decides how its values are normalised and compared. */
public enum ColumnKind {
    /** Short text: names of people, companies, places. */
    NAME,
    /** Long text, compared by its words. */
    TEXT,
    ADDRESS,
    DATE,
    PHONE,
    EMAIL,
    /** Identifiers, postcodes, house numbers, short codes of a category. */
    CODE,
    /** A measured number, near another when their ratio is near one. */
    QUANTITY,
    /** Tells nothing: constant, nearly empty, or a running number. */
    IGNORED
}
