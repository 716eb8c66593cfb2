package io.retainer.vault;

/** Why the machine itself opens sealed values, without showing them to a person. */
public enum Processing {
    /** To read an uploaded file back while it is imported, and to return its bad rows to who sent them. */
    IMPORT,
    /** To write to or call the person through a channel. */
    DELIVERY,
    /**
     * To show the words of a case to those who work on it. Only words: how to reach the person stays masked and is revealed
     * one value at a time.
     */
    CASE_WORK,
    /** To keep a value when another takes its place. */
    KEEPING,
    /** To find a value by what could not be recognised in it before. */
    FINDING,
    /** To compare records with one another. */
    MATCHING,
    /** To hand the client its data back, or to give it in an export that has been approved. */
    RETURN
}
