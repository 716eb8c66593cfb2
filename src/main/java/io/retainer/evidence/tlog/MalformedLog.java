package io.retainer.evidence.tlog;

/** A note, checkpoint, key or proof that is not written as its format says. The message names the fault. */
public final class MalformedLog extends RuntimeException {

    public MalformedLog(String fault) {
        super(fault);
    }

    public MalformedLog(String fault, Throwable cause) {
        super(fault, cause);
    }
}
