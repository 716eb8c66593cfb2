package io.retainer.evidence;

import io.retainer.evidence.tlog.Checkpoint;
import io.retainer.evidence.tlog.SignedNote;
import io.retainer.evidence.tlog.TlogProof;
import io.retainer.evidence.tlog.VerifierKey;
import io.retainer.kernel.Texts;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes an evidence bundle as it goes, whatever the size of the ledger. Equal contents give equal bytes: entries carry
 * a fixed time.
 */
final class BundleWriter implements AutoCloseable {

    /** A ledger up to this size carries a proof for each fact; a larger one is proven by its facts taken together. */
    static final int MOST_PROOFS = 1_000;

    private final ZipOutputStream zip;

    BundleWriter(OutputStream out) {
        this.zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
    }

    void key(VerifierKey key) {
        entry("key.txt", key + "\n");
    }

    void checkpoint(SignedNote head) {
        entry("checkpoint.txt", head.toString());
    }

    void older(SignedNote checkpoint) {
        entry("checkpoints/" + Checkpoint.of(checkpoint).size() + ".txt", checkpoint.toString());
    }

    void proof(TlogProof proof) {
        entry("proofs/" + proof.index() + ".tlog-proof", proof.toString());
    }

    /** @param texts canonical, in the order of their indexes */
    void facts(Stream<String> texts) {
        try {
            open("facts.jsonl");
            texts.forEach(text -> write(text + "\n"));
            zip.closeEntry();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** The description of the format, so that the bundle explains itself in twenty years. */
    void format() {
        try (var in = BundleWriter.class.getResourceAsStream("/evidence/FORMAT.md")) {
            if (in == null) {
                throw new IllegalStateException("The format description is not in the jar");
            }
            entry("FORMAT.md", new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /**
     * A page for people, in both languages. It is a convenience and is not signed, and says so.
     *
     * @param kinds number of facts by kind
     */
    void readme(
            Checkpoint head, VerifierKey key, Map<String, Long> kinds, Collection<Instant> firstAndLast, long pending) {
        var page = new StringBuilder("<!doctype html>\n<html lang=\"zh-CN\">\n<meta charset=\"utf-8\">\n<title>")
                .append(escaped(head.origin()))
                .append("</title>\n");
        for (var locale : List.of(Texts.CHINESE, Texts.ENGLISH)) {
            section(page, locale, head, key, kinds, firstAndLast, pending);
        }
        entry("README.html", page.append("</html>\n").toString());
    }

    private static void section(
            StringBuilder page,
            Locale locale,
            Checkpoint head,
            VerifierKey key,
            Map<String, Long> kinds,
            Collection<Instant> firstAndLast,
            long pending) {
        var texts = Texts.in(locale);
        page.append("<section lang=\"").append(locale.toLanguageTag()).append("\">\n<h1>");
        page.append(escaped(texts.say("evidence.bundle.title"))).append("</h1>\n");
        paragraph(page, texts.say("evidence.bundle.about", head.origin(), head.size()));
        if (pending > 0) {
            paragraph(page, texts.say("evidence.bundle.pending", pending));
        }
        if (!firstAndLast.isEmpty()) {
            page.append("<p>");
            page.append(escaped(texts.say("evidence.bundle.period", firstAndLast.toArray())))
                    .append("</p>\n");
        }
        page.append("<table border=\"1\" cellpadding=\"4\">\n");
        kinds.forEach((kind, count) -> page.append("<tr><td>")
                .append(escaped(texts.fact(kind)))
                .append("</td><td><code>")
                .append(escaped(kind))
                .append("</code></td><td align=\"right\">")
                .append(count)
                .append("</td></tr>\n"));
        page.append("</table>\n");
        paragraph(page, texts.say("evidence.bundle.fingerprint", key.fingerprint()));
        paragraph(page, texts.say("evidence.bundle.verify"));
        page.append("<pre>bin/retainer verify bundle.zip --key key.txt --checkpoint older.txt</pre>\n");
        paragraph(page, texts.say("evidence.bundle.unsigned"));
        page.append("</section>\n");
    }

    private static void paragraph(StringBuilder page, String words) {
        page.append("<p>").append(escaped(words)).append("</p>\n");
    }

    private static String escaped(String words) {
        return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private void entry(String name, String text) {
        try {
            open(name);
            write(text);
            zip.closeEntry();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private void open(String name) throws IOException {
        var entry = new ZipEntry(name);
        entry.setTimeLocal(java.time.LocalDateTime.ofEpochSecond(315_532_800, 0, ZoneOffset.UTC));
        zip.putNextEntry(entry);
    }

    private void write(String text) {
        try {
            zip.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Writes the directory of the zip; the stream below stays open. */
    @Override
    public void close() {
        try {
            zip.finish();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
