package io.retainer.customer;

import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends a file of customers to a running server and waits until it is in, by the API that everybody may use. Exits 0 when
 * every row was taken, 1 when some were bad, 2 when nothing could be done.
 */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Import a file of customers (导入客户).",
        description = {
            "",
            "CSV or JSON Lines of any size, in UTF-8, UTF-16 or GB18030; workbooks (XLSX) up to 64 MB; address cards "
                    + "(vCard). The columns are guessed from their headings; "
                    + "name them with --column where the guess is wrong.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:every row was taken", "1:some rows were bad", "2:nothing was imported; the message says why"
        })
public final class ImportCommand implements Callable<Integer> {

    private static final long POLL_MILLIS = 500;

    @Parameters(paramLabel = "FILE", description = "The file.")
    private Path file = Path.of("");

    @Option(
            names = "--contract",
            required = true,
            paramLabel = "ID",
            description = "The contract the data comes under.")
    private UUID contract = new UUID(0, 0);

    @Option(names = "--server", paramLabel = "URL", description = "Default: http://127.0.0.1:8080")
    private String server = "http://127.0.0.1:8080";

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            defaultValue = "${env:RETAINER_TOKEN}",
            description = "An API token; better given in the environment as RETAINER_TOKEN.")
    private @Nullable String token;

    @Option(names = "--source", required = true, paramLabel = "TEXT", description = "Where the data comes from.")
    private String source = "";

    @Option(names = "--supplier", required = true, paramLabel = "TEXT", description = "Who supplies it.")
    private String supplier = "";

    @Option(names = "--basis", required = true, paramLabel = "BASIS", description = "${COMPLETION-CANDIDATES}")
    private LawfulBasis basis = LawfulBasis.OTHER;

    @Option(names = "--purpose", required = true, paramLabel = "PURPOSE", description = "${COMPLETION-CANDIDATES}")
    private DataPurpose purpose = DataPurpose.SERVICE;

    @Option(
            names = "--column",
            paramLabel = "HEADING=USE",
            description =
                    "What a column is: NAME, PHONE, EMAIL, ADDRESS, WECHAT, ID_NUMBER, REFERENCE, CREDIT_CODE, KIND, "
                            + "TAGS, SINCE, NOTE, COMPANY, ROLE, FIELD:key or IGNORE. May be given several times.")
    private Map<String, String> columns = new LinkedHashMap<>();

    @Option(
            names = "--ground",
            paramLabel = "USE=SOURCE;SUPPLIER;BASIS;PURPOSE",
            description = "Of a column with another ground, such as EMAIL. May be given several times.")
    private Map<String, String> grounds = new LinkedHashMap<>();

    @Option(names = "--charset", paramLabel = "NAME", description = "Default: found out.")
    private String charset = "";

    @Option(
            names = "--sheet",
            paramLabel = "NAME",
            description = "Of a workbook; default: the first that holds anything.")
    private String sheet = "";

    @Option(names = "--delimiter", paramLabel = "CHAR", description = "Default: found out.")
    private @Nullable String delimiter;

    @Option(
            names = "--heading-row",
            paramLabel = "N",
            description = "The row the headings stand in, 0 for none. Default: found out.")
    private @Nullable Integer headingRow;

    @Option(names = "--bad", paramLabel = "FILE", description = "Where to write the bad rows (default: FILE.bad.csv).")
    private @Nullable Path bad;

    @Spec
    private CommandSpec spec = CommandSpec.create(); // replaced by the command line

    /** For the command line, which sets the fields. */
    public ImportCommand() {}

    @Override
    public Integer call() {
        var texts = Texts.in(Locale.getDefault());
        if (!Files.isReadable(file)) {
            return fail(texts.say("customer.command.noFile", file.toString()));
        }
        try (var http = HttpClient.newHttpClient()) {
            return send(http, texts);
        } catch (Rejected rejected) {
            return fail(texts.say("customer.command.refused", String.valueOf(rejected.getMessage())));
        } catch (IOException e) {
            return fail(texts.say("customer.command.server", server));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CommandLine.ExitCode.USAGE;
        }
    }

    /** The server said no; the message is its sentence. */
    private static final class Rejected extends IOException {
        Rejected(String detail) {
            super(detail);
        }
    }

    private int send(HttpClient http, Texts texts) throws IOException, InterruptedException {
        var format = ImportController.format(file.getFileName().toString());
        var batch = answer(
                http,
                request("/imports?format=" + format + "&charset=" + encoded(charset) + "&sheet=" + encoded(sheet))
                        .header(Imports.FILE_NAME, encoded(file.getFileName().toString()))
                        .header("Content-Type", "application/octet-stream")
                        .POST(BodyPublishers.ofFile(file))
                        .build());
        var place = "/imports/" + batch.get("id").asString();
        if (delimiter != null || headingRow != null) {
            var reading = new HashMap<String, Object>();
            reading.put("charset", batch.get("charset").asString());
            reading.put("delimiter", delimiter == null ? batch.get("delimiter").asString() : delimiter);
            reading.put("headingRow", headingRow);
            batch = posted(http, place + "/reading", reading);
        }
        for (var heading : columns.keySet()) {
            if (batch.get("header")
                    .valueStream()
                    .noneMatch(each -> each.asString().equals(heading))) {
                http.send(request(place).DELETE().build(), BodyHandlers.discarding());
                var known = batch.get("header")
                        .valueStream()
                        .map(JsonNode::asString)
                        .collect(Collectors.joining(" · "));
                throw new Rejected(texts.say("customer.command.noColumn", heading, known));
            }
        }
        var start = new HashMap<String, Object>();
        start.put("mapping", mapping(batch));
        start.put("source", source);
        start.put("supplier", supplier);
        start.put("lawfulBasis", basis);
        start.put("purpose", purpose);
        if (!grounds.isEmpty()) {
            start.put("grounds", grounds(texts));
        }
        try {
            batch = posted(http, place + "/start", start);
        } catch (Rejected rejected) {
            // Nobody will start it any more.
            http.send(request(place).DELETE().build(), BodyHandlers.discarding());
            throw rejected;
        }
        var err = spec.commandLine().getErr();
        while (batch.get("state").asString().equals(ImportState.RUNNING.name())) {
            err.printf(
                    "\r%3d %%  %,d",
                    batch.get("bytesDone").asLong()
                            * 100
                            / Math.max(1, batch.get("bytesTotal").asLong()),
                    batch.get("rowsRead").asLong());
            err.flush();
            Thread.sleep(POLL_MILLIS);
            batch = answer(http, request(place).GET().build());
        }
        err.print("\r");
        long badRows = batch.get("rowsBad").asLong();
        spec.commandLine()
                .getOut()
                .println(texts.say(Sentence.of(
                        "customer.command.done",
                        batch.get("rowsRead").asLong(),
                        batch.get("rowsGood").asLong(),
                        badRows)));
        if (badRows > 0) {
            var to = bad == null ? file.resolveSibling(file.getFileName() + ".bad.csv") : bad;
            http.send(request(place + "/bad.csv").GET().build(), BodyHandlers.ofFile(to));
            spec.commandLine().getOut().println(texts.say("customer.command.bad", to.toString()));
        }
        spec.commandLine().getOut().flush();
        boolean done = batch.get("state").asString().equals(ImportState.DONE.name());
        return done && badRows == 0
                ? CommandLine.ExitCode.OK
                : done ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.USAGE;
    }

    private Map<String, Object> grounds(Texts texts) throws Rejected {
        var all = new HashMap<String, Object>();
        for (var each : grounds.entrySet()) {
            var parts = each.getValue().split(";", -1);
            if (parts.length != 4) {
                throw new Rejected(texts.say("customer.command.ground", each.getKey()));
            }
            all.put(
                    each.getKey(),
                    Map.of(
                            "source", parts[0].strip(),
                            "supplier", parts[1].strip(),
                            "lawfulBasis", parts[2].strip(),
                            "purpose", parts[3].strip()));
        }
        return all;
    }

    private JsonNode posted(HttpClient http, String path, Map<String, Object> body)
            throws IOException, InterruptedException {
        return answer(
                http,
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(body)))
                        .build());
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private List<String> mapping(JsonNode batch) {
        var mapping = new ArrayList<String>();
        for (int i = 0; i < batch.get("header").size(); i++) {
            var heading = batch.get("header").get(i).asString();
            mapping.add(
                    columns.getOrDefault(heading, batch.get("mapping").get(i).asString()));
        }
        return mapping;
    }

    private HttpRequest.Builder request(String path) {
        var request = HttpRequest.newBuilder(URI.create(server + "/api/v1/contracts/" + contract + path))
                .header("Accept-Language", Locale.getDefault().toLanguageTag());
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    private static JsonNode answer(HttpClient http, HttpRequest request) throws IOException, InterruptedException {
        var answer = http.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
        var body = answer.body().startsWith("{")
                ? JsonMapper.shared().readTree(answer.body())
                : JsonMapper.shared().missingNode();
        if (answer.statusCode() >= 300) {
            var detail = body.get("detail");
            throw new Rejected(detail == null ? "HTTP " + answer.statusCode() : detail.asString());
        }
        return body;
    }

    private int fail(String sentence) {
        spec.commandLine().getErr().println(sentence);
        spec.commandLine().getErr().flush();
        return CommandLine.ExitCode.USAGE;
    }
}
