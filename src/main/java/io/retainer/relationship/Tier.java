package io.retainer.relationship;

/** How closely a customer is looked after (I-1.1*(3)). */
public enum Tier {
    KEY,
    REGULAR,
    OCCASIONAL
}
