package io.retainer.bench;

import io.retainer.evidence.VerifyCommand;
import io.retainer.evidence.tlog.Checkpoint;
import io.retainer.evidence.tlog.Frontier;
import io.retainer.evidence.tlog.Hash;
import io.retainer.evidence.tlog.SignedNote;
import io.retainer.evidence.tlog.VerifierKey;
import io.retainer.kernel.Ids;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import picocli.CommandLine;

/** How long the offline verifier takes over a bundle of a million facts, as a person would run it. */
final class VerifyBench {

    private static final int FACTS = 1_000_000;

    private VerifyBench() {}

    static void run(Bench bench) throws IOException, GeneralSecurityException {
        var bundle = Files.createTempFile("bench-", ".zip");
        try {
            write(bundle);
            bench.figure("size of the bundle", Files.size(bundle) / 1e6, "MB", "—");
            var command = new CommandLine(new VerifyCommand()).setOut(new PrintWriter(Writer.nullWriter()));
            long start = System.nanoTime();
            int code = command.execute(bundle.toString());
            bench.figure("full verification of 10^6 facts", Bench.seconds(start), "s", "<= 60");
            if (code != 0) {
                throw new IllegalStateException("The bundle did not verify: " + code);
            }
        } finally {
            Files.delete(bundle);
        }
    }

    private static void write(Path bundle) throws IOException, GeneralSecurityException {
        var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        var contract = Ids.next();
        var tenant = Ids.next();
        var key = VerifierKey.of("retainer.local/" + contract, pair.getPublic());
        var tree = new Frontier();
        try (var zip = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(bundle)))) {
            zip.putNextEntry(new ZipEntry("facts.jsonl"));
            for (int i = 0; i < FACTS; i++) {
                var fact = fact(tenant, contract, i).getBytes(StandardCharsets.US_ASCII);
                zip.write(fact);
                zip.write('\n');
                tree.append(Hash.leaf(fact));
            }
            text(zip, "key.txt", key + "\n");
            var head = new Checkpoint(key.name(), FACTS, tree.root());
            text(
                    zip,
                    "checkpoint.txt",
                    SignedNote.sign(head.text(), key, pair.getPrivate()).toString());
        }
    }

    private static String fact(UUID tenant, UUID contract, int i) {
        return "{\"actor\":\"" + Ids.next() + "\",\"body\":{\"amount\":" + (8_673_333 + i) + ",\"instalment\":" + i % 12
                + ",\"payment\":\"" + Ids.next() + "\"},\"clause\":\"I-3.2a\",\"contract\":\"" + contract
                + "\",\"happenedAt\":\"2026-05-20T04:00:00Z\",\"id\":\"" + Ids.next()
                + "\",\"kind\":\"billing.PaymentRecorded\",\"recordedAt\":\"2026-05-20T04:00:01.123456Z\",\"subject\":\"payment/"
                + i + "\",\"tenant\":\"" + tenant + "\",\"v\":1}";
    }

    private static void text(ZipOutputStream zip, String name, String text) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
