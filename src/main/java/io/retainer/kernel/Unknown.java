package io.retainer.kernel;

/** There is no such thing, or none that the asker may know of: the two look the same. Becomes a 404. */
public final class Unknown extends RuntimeException {

    public Unknown(Object what) {
        super("Unknown " + what);
    }
}
