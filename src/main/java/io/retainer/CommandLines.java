package io.retainer;

import io.retainer.billing.SimulateCommand;
import io.retainer.contract.CheckCommand;
import io.retainer.customer.ImportCommand;
import io.retainer.evidence.VerifyCommand;
import io.retainer.matching.EvaluateIdentityCommand;
import io.retainer.statistics.evaluate.ChurnCommand;
import io.retainer.statistics.evaluate.ComplaintTextCommand;
import io.retainer.statistics.evaluate.ValueCommand;
import io.retainer.vault.VaultCommand;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** The command line. Only {@code serve}, which is also what is done when nothing is asked for, starts the application. */
final class CommandLines {

    private CommandLines() {}

    static CommandLine all() {
        return new CommandLine(new Root())
                .addSubcommand(new Serve())
                .addSubcommand(new CommandLine(new Contract()).addSubcommand(new CheckCommand()))
                .addSubcommand(new SimulateCommand())
                .addSubcommand(new VerifyCommand())
                .addSubcommand(new CommandLine(new Evaluate())
                        .addSubcommand(new EvaluateIdentityCommand())
                        .addSubcommand(new ValueCommand())
                        .addSubcommand(new ChurnCommand())
                        .addSubcommand(new ComplaintTextCommand()))
                .addSubcommand(new ImportCommand())
                .addSubcommand(new VaultCommand())
                .addSubcommand(new CommandLine.HelpCommand());
    }

    /**
     * {@code serve} before arguments that name no command, so that {@code java -jar retainer.jar --server.port=8081} and
     * {@code spring-boot:run} work as people expect of a Spring Boot application.
     */
    static String[] withCommand(String... arguments) {
        boolean asked = arguments.length > 0
                && (!arguments[0].startsWith("-")
                        || List.of("-h", "--help", "-V", "--version").contains(arguments[0]));
        if (asked) {
            return arguments;
        }
        var serve = new ArrayList<>(List.of("serve"));
        serve.addAll(List.of(arguments));
        return serve.toArray(String[]::new);
    }

    @Command(
            name = "retainer",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            sortOptions = false,
            header = "Runs an outsourced customer-relationship service by its contract (履约).",
            synopsisSubcommandLabel = "[COMMAND]",
            description = {"", "Without a command the server is started.", ""},
            footer = {"", "See 'retainer help COMMAND', or 'retainer COMMAND --help'."})
    private static final class Root {}

    @Command(
            name = "contract",
            mixinStandardHelpOptions = true,
            header = "Work with contract texts (合同文本).",
            synopsisSubcommandLabel = "COMMAND")
    private static final class Contract extends Group {}

    @Command(
            name = "evaluate",
            mixinStandardHelpOptions = true,
            header = "Measure the product's own algorithms on labelled data (评测).",
            synopsisSubcommandLabel = "COMMAND")
    private static final class Evaluate extends Group {}

    /** Does nothing by itself: shows what can be asked of it. */
    private abstract static class Group implements Callable<Integer> {

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() {
            if (spec != null) {
                spec.commandLine().usage(spec.commandLine().getErr());
            }
            return CommandLine.ExitCode.USAGE;
        }
    }

    @Command(
            name = "serve",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            header = "Start the server (启动服务). The default.",
            description = {
                "",
                "On an embedded PostgreSQL in ./data, with the demo in it, unless --spring.datasource.url names another.",
                ""
            },
            footer = {
                "",
                "Every other option is handed on as a Spring Boot property, such as --server.address=0.0.0.0"
                        + " (see docs/operations.md)."
            })
    private static final class Serve implements Callable<Integer> {

        @Option(names = "--port", paramLabel = "PORT", description = "Where to listen (default: 8080).")
        private @Nullable Integer port;

        @Option(names = "--data", paramLabel = "DIR", description = "Where the embedded database is (default: ./data).")
        private @Nullable String data;

        @Unmatched
        private List<String> properties = new ArrayList<>();

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() {
            var arguments = new ArrayList<>(properties);
            if (port != null) {
                arguments.add("--server.port=" + port);
            }
            if (data != null) {
                arguments.add("--retainer.data=" + data);
            }
            try {
                Server.start(arguments.toArray(String[]::new));
                return CommandLine.ExitCode.OK;
            } catch (CannotStart trouble) {
                if (spec != null) {
                    spec.commandLine().getErr().println(Server.texts().say(trouble.sentence()));
                    spec.commandLine().getErr().flush();
                }
                return CommandLine.ExitCode.SOFTWARE;
            }
        }
    }

    /** As the build wrote it down. */
    private static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() throws IOException {
            var build = new Properties();
            try (var file = CommandLines.class.getResourceAsStream("/META-INF/build-info.properties")) {
                if (file != null) {
                    build.load(file);
                }
            }
            return new String[] {
                "retainer " + build.getProperty("build.version", "(built without Maven)"), "Java " + Runtime.version()
            };
        }
    }
}
