package io.retainer.messaging;

/** What a message is for. The purpose decides the legal ground, and that decides which limits hold. */
public enum Purpose {
    STAFF(Ground.STAFF),
    /** One-time codes and the like; never shown in a list. */
    SECURITY(Ground.STAFF),
    CONTRACT_NOTICE(Ground.CONTRACT_NOTICE),
    STATUTORY_NOTICE(Ground.STATUTORY_NOTICE),
    COMPLAINT(Ground.PERFORMANCE),
    RETURN_VISIT(Ground.PERFORMANCE),
    WORK_ORDER(Ground.PERFORMANCE),
    SURVEY(Ground.CONSENT),
    CAMPAIGN(Ground.CONSENT),
    RECOMMENDATION(Ground.CONSENT);

    private final Ground ground;

    Purpose(Ground ground) {
        this.ground = ground;
    }

    public Ground ground() {
        return ground;
    }
}
