package io.retainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTests {

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-,                          serve",
                "--server.port=8081,         serve --server.port=8081",
                "--port 8081,                serve --port 8081",
                "serve --port 8081,          serve --port 8081",
                "--help,                     --help",
                "-V,                         -V",
                "contract check x.txt,       contract check x.txt",
                "nonsense,                   nonsense",
            })
    void startsTheServerUnlessACommandIsNamed(String typed, String understood) {
        var arguments = typed == null ? new String[0] : typed.split(" ");
        assertThat(String.join(" ", CommandLines.withCommand(arguments))).isEqualTo(understood);
    }

    @Test
    void helpNamesEveryCommand() {
        var out = new StringWriter();
        var line = CommandLines.all().setOut(new PrintWriter(out));
        assertThat(line.execute("--help")).isZero();
        assertThat(out.toString()).contains("serve", "contract", "simulate", "verify", "evaluate", "履约");
        for (var command : List.of("serve", "simulate", "verify", "evaluate")) {
            assertThat(CommandLines.all()
                            .setOut(new PrintWriter(new StringWriter()))
                            .execute(command, "--help"))
                    .isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "contract",
                "nonsense",
                "simulate",
                "verify",
                "contract check",
                "evaluate",
                "evaluate value",
                "evaluate churn"
            })
    void wrongUseExitsWithTwo(String typed) {
        var err = new StringWriter();
        assertThat(CommandLines.all().setErr(new PrintWriter(err)).execute(typed.split(" ")))
                .isEqualTo(2);
        assertThat(err.toString()).isNotBlank();
    }

    // The script, on the classes just compiled

    @Test
    void theScriptSimulatesWithoutStartingSpring() throws Exception {
        var run = script("simulate", "docs/examples/late-by-a-month.json", "--json");
        assertThat(run.error()).isEmpty();
        assertThat(run.exit()).isZero();
        assertThat(run.output()
                        .lines()
                        .filter(line -> !line.startsWith("loaded "))
                        .collect(Collectors.joining()))
                .startsWith("{")
                .contains("5,000.00");
        assertThat(run.output()).contains("loaded io.retainer.Retainer").doesNotContain("SpringApplication");
    }

    @Test
    void theScriptChecksAContract() throws Exception {
        var whole = Path.of("src/main/resources/demo/contract.zh-CN.txt");
        assertThat(script("contract", "check", whole.toString()).exit()).isZero();
        assertThat(script("contract", "check", "src/main/resources/demo/contract.txt")
                        .exit())
                .as("a form whose places are not filled in")
                .isEqualTo(1);
        var missing = script("contract", "check", directory.resolve("none.txt").toString());
        assertThat(missing.exit()).isEqualTo(2);
        assertThat(missing.error()).contains("none.txt");
    }

    @Test
    void theScriptRefusesWhatIsNoBundle() throws Exception {
        var file = Files.writeString(directory.resolve("bundle.zip"), "not a zip");
        assertThat(script("verify", file.toString()).exit()).isEqualTo(2);
    }

    @Test
    void theScriptIsFoundThroughALinkFromAnywhere() throws Exception {
        var link = Files.createSymbolicLink(
                directory.resolve("retainer"), Path.of("bin/retainer").toAbsolutePath());
        var run = run(directory, link.toString(), "--version");
        assertThat(run.exit()).isZero();
        assertThat(run.output()).contains("retainer", "Java " + Runtime.version());
    }

    @Test
    void aJdkThatIsTooOldIsPassedOver() throws Exception {
        var jdk = directory.resolve("jdk-17");
        var old = Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"17.0.9\"\n");
        var java = Files.writeString(old.resolve("java"), "#!/bin/sh\necho the old one was started\nexit 9\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        var builder = builder(Path.of(""), "bin/retainer", "--version");
        builder.environment().put("JAVA_HOME", jdk.toString());
        builder.environment()
                .merge(
                        "PATH",
                        Path.of(System.getProperty("java.home"), "bin").toString(),
                        (path, ours) -> ours + ":" + path);
        var run = wait(builder);
        assertThat(run.exit()).isZero();
        assertThat(run.output()).contains("Java " + Runtime.version());
    }

    @Test
    void aJarThatIsNotThereIsSaidInOneSentence() throws Exception {
        var builder = builder(Path.of(""), "bin/retainer", "--version");
        builder.environment().put("RETAINER_JAR", directory.resolve("none.jar").toString());
        builder.environment().put("LC_ALL", "");
        builder.environment().put("LANG", "en");
        var run = wait(builder);
        assertThat(run.exit()).isEqualTo(3);
        assertThat(run.error().lines()).singleElement().asString().startsWith("There is no jar to run");
    }

    private record Run(int exit, String output, String error) {}

    private Run script(String... arguments) throws Exception {
        var command =
                Stream.concat(Stream.of("bin/retainer"), Stream.of(arguments)).toArray(String[]::new);
        var builder = builder(Path.of(""), command);
        builder.environment().put("JAVA_OPTS", "-Xlog:class+load=info:stdout:none");
        var run = wait(builder);
        // The log of loaded classes, told apart from the answer.
        var output = run.output()
                .lines()
                .filter(line -> !line.contains(" source: ") || line.contains("retainer") || line.contains("Spring"))
                .map(line -> line.contains(" source: ") ? "loaded " + line : line)
                .collect(Collectors.joining("\n"));
        return new Run(run.exit(), output, run.error());
    }

    private Run run(Path where, String... command) throws Exception {
        return wait(builder(where, command));
    }

    private ProcessBuilder builder(Path where, String... command) throws IOException {
        var builder =
                new ProcessBuilder(command).directory(where.toAbsolutePath().toFile());
        builder.environment().put("RETAINER_JAR", jarOfWhatIsCompiled().toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        return builder;
    }

    private Run wait(ProcessBuilder builder) throws Exception {
        var output = directory.resolve("output");
        var error = directory.resolve("error");
        var process = builder.redirectOutput(output.toFile())
                .redirectError(error.toFile())
                .start();
        process.getOutputStream().close();
        int exit = process.waitFor();
        return new Run(exit, Files.readString(output), Files.readString(error));
    }

    /** A jar that only points to the classes and libraries of this test run. */
    private Path jarOfWhatIsCompiled() throws IOException {
        var jar = directory.resolve("retainer.jar");
        if (Files.exists(jar)) {
            return jar;
        }
        var path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "io.retainer.Retainer");
        manifest.getMainAttributes()
                .put(
                        Attributes.Name.CLASS_PATH,
                        Stream.of(path.split(java.io.File.pathSeparator))
                                .map(entry -> Path.of(entry).toUri())
                                .map(URI::toString)
                                .collect(Collectors.joining(" ")));
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        return jar;
    }
}
