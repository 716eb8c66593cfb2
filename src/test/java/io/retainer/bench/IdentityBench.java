package io.retainer.bench;

import io.retainer.matching.ChineseCustomers;
import io.retainer.matching.EvaluateIdentityCommand;
import io.retainer.matching.NormalText;
import io.retainer.matching.PhoneNumbers;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import no.priv.garshol.duke.ConfigurationImpl;
import no.priv.garshol.duke.Processor;
import no.priv.garshol.duke.Property;
import no.priv.garshol.duke.PropertyImpl;
import no.priv.garshol.duke.Record;
import no.priv.garshol.duke.RecordImpl;
import no.priv.garshol.duke.comparators.JaroWinkler;
import no.priv.garshol.duke.comparators.Levenshtein;
import no.priv.garshol.duke.comparators.QGramComparator;
import no.priv.garshol.duke.databases.LuceneDatabase;
import no.priv.garshol.duke.matchers.AbstractMatchListener;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Who is who among generated Chinese customers, at 10^5 and 10^6, and the same 10^5 through Duke 1.2. */
final class IdentityBench {

    private static final int FEW = 100_000;
    private static final int MANY = 1_000_000;
    private static final int DUKE_BATCH = 5_000;

    private IdentityBench() {}

    static void run(Bench bench) {
        evaluate(10_000); // warms up
        var few = evaluate(FEW);
        bench.figure("10^5 records, 10 % duplicates", few.get("totalSeconds").asDouble(), "s", "—");
        bench.figure("F1 at 10^5 (generated)", few.get("f1").asDouble(), "", "printed");
        var many = evaluate(MANY);
        bench.figure("10^6 records, 10 % duplicates", many.get("totalSeconds").asDouble(), "s", "<= 120");
        double ratio =
                many.get("totalSeconds").asDouble() / few.get("totalSeconds").asDouble();
        bench.figure("10x the rows take", ratio, "times", "<= 12");
        bench.figure("F1 at 10^6 (generated)", many.get("f1").asDouble(), "", "printed");
        bench.figure("candidates at 10^6", many.get("candidates").asDouble(), "pairs", "—");
        bench.figure("blocking recall at 10^6", many.get("blockingRecall").asDouble(), "", "—");
        bench.figure("peak of the heap at 10^6", many.get("peakMegabytes").asDouble(), "MB", "<= 4,096");
        duke(bench);
    }

    private static JsonNode evaluate(int records) {
        var out = new StringWriter();
        new CommandLine(new EvaluateIdentityCommand())
                .setOut(new PrintWriter(out))
                .execute("--generated", String.valueOf(records), "--json");
        return JsonMapper.shared().readTree(out.toString());
    }

    /** Duke as its examples set it up, on values normalised by us, for it knows no Chinese. */
    private static void duke(Bench bench) {
        var customers = ChineseCustomers.generate(FEW, 1);
        var records = records(customers);
        long start = System.nanoTime();
        var found = new Found(customers);
        var configuration = configuration();
        var database = new LuceneDatabase();
        database.setConfiguration(configuration);
        database.setMaxSearchHits(10);
        var processor = new Processor(configuration, database);
        processor.addMatchListener(found);
        for (int from = 0; from < records.size(); from += DUKE_BATCH) {
            processor.deduplicate(records.subList(from, Math.min(records.size(), from + DUKE_BATCH)));
        }
        processor.close();
        bench.figure("the same 10^5 by Duke 1.2", Bench.seconds(start), "s", "—");
        bench.figure("F1 of Duke 1.2", found.f1(), "", "—");
    }

    private static ConfigurationImpl configuration() {
        List<Property> properties = new ArrayList<>();
        properties.add(new PropertyImpl("ID"));
        properties.add(new PropertyImpl("姓名", new JaroWinkler(), 0.3, 0.9));
        properties.add(new PropertyImpl("手机", new Levenshtein(), 0.4, 0.9));
        properties.add(new PropertyImpl("邮箱", new Levenshtein(), 0.4, 0.9));
        properties.add(new PropertyImpl("证件号码", new Levenshtein(), 0.2, 0.98));
        properties.add(new PropertyImpl("出生日期", new Levenshtein(), 0.2, 0.8));
        properties.add(new PropertyImpl("地址", new QGramComparator(), 0.4, 0.85));
        var configuration = new ConfigurationImpl();
        configuration.setProperties(properties);
        configuration.setThreshold(0.9);
        configuration.validate();
        return configuration;
    }

    private static List<Record> records(ChineseCustomers customers) {
        var phones = PhoneNumbers.mainland();
        List<Record> records = new ArrayList<>();
        for (Map<String, String> row : customers.rows()) {
            var record = new RecordImpl();
            record.addValue("ID", String.valueOf(records.size()));
            row.forEach((column, value) -> record.addValue(
                    column, column.equals("手机") ? phones.e164(value).orElse(value) : NormalText.of(value)));
            records.add(record);
        }
        return records;
    }

    /** Counts each pair once: Duke may report it from both sides. */
    private static final class Found extends AbstractMatchListener {

        private final ChineseCustomers customers;
        private final Set<List<Integer>> pairs = new HashSet<>();

        Found(ChineseCustomers customers) {
            this.customers = customers;
        }

        @Override
        public void matches(Record one, Record other, double confidence) {
            int a = Integer.parseInt(one.getValue("ID"));
            int b = Integer.parseInt(other.getValue("ID"));
            pairs.add(List.of(Math.min(a, b), Math.max(a, b)));
        }

        double f1() {
            double right = pairs.stream()
                    .filter(pair -> customers.same(pair.get(0), pair.get(1)))
                    .count();
            return 2 * right / (pairs.size() + customers.samePairs());
        }
    }
}
