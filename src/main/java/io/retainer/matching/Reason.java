package io.retainer.matching;

/**
 * What one field says about a pair. Values are not in it: whoever may see them has them, masked or not.
 *
 * @param column the name of the column
 * @param grade how far the values agree
 * @param bits what that is worth: above zero it speaks for one person, below for two
 */
public record Reason(String column, Grade grade, double bits) {}
