package io.retainer.complaint;

/** The stages by name, for lists and columns; {@link Stage} has their data. */
enum StageName {
    RECEIVED,
    REGISTERED,
    ACKNOWLEDGED,
    ASSESSED,
    REDIRECTED,
    MERGED,
    INVESTIGATING,
    RESPONSE_DRAFT,
    COMMUNICATED,
    ESCALATED,
    RETURN_VISIT_DUE,
    VISITED,
    CLOSED,
    CLOSED_UNVISITED,
    EXTERNAL;

    /** Whether nothing is left to be done inside. */
    boolean over() {
        return switch (this) {
            case REDIRECTED, MERGED, CLOSED, CLOSED_UNVISITED -> true;
            case RECEIVED,
                    REGISTERED,
                    ACKNOWLEDGED,
                    ASSESSED,
                    INVESTIGATING,
                    RESPONSE_DRAFT,
                    COMMUNICATED,
                    ESCALATED,
                    RETURN_VISIT_DUE,
                    VISITED,
                    EXTERNAL -> false;
        };
    }
}
