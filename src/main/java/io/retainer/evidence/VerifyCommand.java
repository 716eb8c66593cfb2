package io.retainer.evidence;

import io.retainer.evidence.BundleVerifier.Outcome;
import io.retainer.evidence.tlog.MalformedLog;
import io.retainer.evidence.tlog.VerifierKey;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks an evidence bundle offline. Exits 0 when it is sound, 1 when it was tampered with, 2 when it cannot be read. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Check an evidence bundle offline (离线验证证据包).",
        description = {
            "",
            "Recomputes the Merkle tree over the facts of BUNDLE and compares it with every signed checkpoint in it. "
                    + "Needs no database and no network.",
            "",
            "A bundle alone shows that it fits its own key. Give the key you were handed at signing (--key) to know "
                    + "who signed, and a checkpoint you kept (--checkpoint) to know that nothing was rewritten or cut "
                    + "off since.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every fact is what was signed",
            "1:tampered with; the findings say what",
            "2:the bundle, key or checkpoint cannot be read"
        })
public final class VerifyCommand implements Callable<Integer> {

    private static final int LONGEST_FILE = 64 * 1024;

    @Parameters(paramLabel = "BUNDLE", description = "The zip downloaded from the ledger page.")
    private Path bundle = Path.of("");

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "The verifier key you trust: one line, name+id+key, as in key.txt.")
    private @Nullable Path key;

    @Option(
            names = "--checkpoint",
            paramLabel = "OLDER",
            description = "A signed checkpoint you kept from before. May be given several times.")
    private List<Path> checkpoints = List.of();

    @Option(names = "--lang", paramLabel = "zh|en", description = "Language of the answer (default: of the system).")
    private String language = Locale.getDefault().getLanguage();

    @Spec
    private CommandSpec spec = CommandSpec.create(); // replaced by the command line

    /** For the command line, which sets the fields. */
    public VerifyCommand() {}

    @Override
    public Integer call() {
        var texts = Texts.in(Locale.of(language));
        var out = spec.commandLine().getOut();
        BundleVerifier.Verdict verdict;
        try {
            var trusted = key == null ? null : VerifierKey.parse(read(key).strip());
            Map<String, String> older = new LinkedHashMap<>();
            for (var path : checkpoints) {
                older.put(path.toString(), read(path));
            }
            verdict = Files.isRegularFile(bundle)
                    ? new BundleVerifier().verify(bundle, trusted, older)
                    : unreadable(Sentence.of("evidence.verify.noFile", bundle.toString()));
        } catch (MalformedLog malformed) {
            verdict = unreadable(Sentence.of("evidence.verify.malformed", String.valueOf(key), malformed.getMessage()));
        } catch (NoSuchFileException missing) {
            verdict = unreadable(Sentence.of("evidence.verify.noFile", missing.getFile()));
        } catch (IOException failed) {
            verdict = unreadable(Sentence.of("evidence.verify.noFile", String.valueOf(failed.getMessage())));
        }
        out.println(texts.name(verdict.outcome()));
        verdict.findings().forEach(finding -> out.println("  " + texts.say(finding)));
        out.flush();
        return switch (verdict.outcome()) {
            case SOUND -> 0;
            case TAMPERED -> 1;
            case UNREADABLE -> 2;
        };
    }

    private static BundleVerifier.Verdict unreadable(Sentence why) {
        return new BundleVerifier.Verdict(Outcome.UNREADABLE, List.of(why));
    }

    private static String read(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            var bytes = in.readNBytes(LONGEST_FILE + 1);
            if (bytes.length > LONGEST_FILE) {
                throw new IOException(file + " > " + LONGEST_FILE);
            }
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
