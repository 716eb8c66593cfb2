package io.retainer.workorder;

/** The octets of a file; says nothing of them when written to a log. */
public final class FileContent {

    private final byte[] bytes;

    public FileContent(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    public int size() {
        return bytes.length;
    }

    byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public String toString() {
        return "FileContent[" + bytes.length + "]";
    }
}
