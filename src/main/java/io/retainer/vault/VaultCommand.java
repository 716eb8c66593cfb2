package io.retainer.vault;

import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Changes the master key, in its file alone: the server takes it up by itself. Exits 0 when done, 2 when it cannot. */
@Command(
        name = "vault",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Change the master key of personal data (更换个人信息主密钥).",
        synopsisSubcommandLabel = "COMMAND")
public final class VaultCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create(); // replaced by the command line

    /** For the command line. */
    public VaultCommand() {}

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return CommandLine.ExitCode.USAGE;
    }

    @Command(
            name = "new-key",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            header = "Add a master key that wraps from now on; the old one still unwraps.")
    int newKey(@CommandLine.Mixin Where where) {
        return change(where, "vault.newKey.added", MasterKeyFile::addKey);
    }

    @Command(
            name = "drop-old-keys",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            header = "Leave only the newest master key, once the server's log says that it wraps everything.")
    int dropOldKeys(@CommandLine.Mixin Where where) {
        return change(where, "vault.newKey.dropped", MasterKeyFile::dropOldKeys);
    }

    private int change(Where where, String done, Change change) {
        var texts = Texts.in(Locale.getDefault());
        var file = new MasterKeyFile(where.file());
        Sentence trouble = file.exists() ? file.openToOthers() : Sentence.of("vault.newKey.none", file.path());
        if (trouble == null) {
            try {
                change.apply(file);
                spec.commandLine().getOut().println(texts.say(done, file.path()));
                spec.commandLine().getOut().flush();
                return CommandLine.ExitCode.OK;
            } catch (IOException | GeneralSecurityException e) {
                trouble = Sentence.of("vault.master.unusable", file.path(), String.valueOf(e.getMessage()));
            }
        }
        spec.commandLine().getErr().println(texts.say(trouble));
        spec.commandLine().getErr().flush();
        return CommandLine.ExitCode.USAGE;
    }

    @FunctionalInterface
    private interface Change {
        void apply(MasterKeyFile file) throws IOException, GeneralSecurityException;
    }

    /** Which file. */
    static final class Where {

        @Option(names = "--data", paramLabel = "DIR", description = "The data directory (default: ./data).")
        private Path data = Path.of("data");

        @Option(names = "--key", paramLabel = "FILE", description = "The key file (default: vault.key in it).")
        private @Nullable Path key;

        Path file() {
            return key == null ? data.resolve("vault.key") : key;
        }
    }
}
