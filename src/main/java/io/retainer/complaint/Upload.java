package io.retainer.complaint;

import io.retainer.kernel.FileType;
import io.retainer.kernel.Refused;
import java.util.Arrays;

/**
 * A file handed in with a complaint. What it is follows from its first bytes, never from its name or from what the sender
 * says; anything that could run, or that hides other files, is refused.
 *
 * @param name shown and offered when it is downloaded
 */
@SuppressWarnings("ArrayRecordComponent") // compared by content below
record Upload(String name, String type, byte[] content) {

    static final int LARGEST = 10 * 1024 * 1024;
    static final int MOST = 5;

    /** @throws Refused naming the file and what may be sent instead */
    static Upload checked(String given, byte[] content) {
        var name = FileType.name(given);
        if (content.length == 0) {
            throw Refused.field("files", "complaint.file.empty", name);
        }
        if (content.length > LARGEST) {
            throw Refused.field("files", "complaint.file.large", name, LARGEST / 1024 / 1024);
        }
        var type = FileType.of(content).orElseThrow(() -> Refused.field("files", "complaint.file.type", name));
        return new Upload(name, type, content);
    }

    @Override
    public boolean equals(@org.jspecify.annotations.Nullable Object other) {
        return other instanceof Upload that
                && name.equals(that.name)
                && type.equals(that.type)
                && Arrays.equals(content, that.content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content);
    }

    /** Shows nothing of it. */
    @Override
    public String toString() {
        return "Upload of " + content.length + " bytes";
    }
}
