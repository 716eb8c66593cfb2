package io.retainer.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

class CheckCommandTests {

    @TempDir
    Path directory;

    private record Answer(int exit, String out, String err) {}

    @Test
    void aFilledContractExitsWithNothing() throws Exception {
        var answer = check(file(DemoContract.text()));

        assertThat(answer.exit()).isZero();
        assertThat(answer.out()).contains("没有空白，也没有矛盾").contains("按一次、按日还是按年");
        assertThat(answer.err()).isEmpty();
    }

    @Test
    void problemsExitWithOneAndSayWhatToDo() throws Exception {
        var answer = check(file(DemoContract.with("壹佰贰拾万元整", "壹佰贰拾壹万元整")));

        assertThat(answer.exit()).isEqualTo(1);
        assertThat(answer.out()).contains("I-3.1b").contains("1,210,000.00").contains("大写应为 壹佰贰拾万元整");
    }

    @Test
    void speaksEnglishWhenAsked() throws Exception {
        var answer = check(file(DemoContract.blank()), "--lang", "en");

        assertThat(answer.exit()).isEqualTo(1);
        assertThat(answer.out()).contains("B08 Total fee, in figures is blank");
    }

    @Test
    void whatCannotBeReadExitsWithTwoAndOneSentence() throws Exception {
        assertThat(check(directory.resolve("none.txt")).exit()).isEqualTo(2);
        assertThat(check(directory).exit()).isEqualTo(2);
        var answer = check(file("今天天气很好"));
        assertThat(answer.exit()).isEqualTo(2);
        assertThat(answer.out()).isEmpty();
        assertThat(answer.err().strip().lines()).hasSize(1);
    }

    @Test
    void aForgottenFileIsAMisuse() {
        assertThat(run().exit()).isEqualTo(2);
    }

    @Test
    void jsonHasClausesTermsWithSourcesAndProblemsWithBothValues() throws Exception {
        var answer = check(file(DemoContract.with("共计12个月", "共计11个月")), "--json");
        var json = JsonMapper.shared().readTree(answer.out());

        assertThat(answer.exit()).isEqualTo(1);
        assertThat(json.get("clauses").size()).isEqualTo(109);
        assertThat(json.get("clauses").get(0).get("id").asString()).isEqualTo("I-0.1");
        var months = json.get("terms")
                .valueStream()
                .filter(term -> term.get("id").asString().equals("term.months"))
                .findFirst()
                .orElseThrow();
        assertThat(months.get("value").asString()).isEqualTo("11");
        assertThat(months.get("source").asString()).isEqualTo("MAIN_TEXT");
        assertThat(months.get("passage").asString()).contains("共计11个月");
        var problem = json.get("problems")
                .valueStream()
                .filter(it -> it.get("code").asString().equals("months-differ-from-dates"))
                .findFirst()
                .orElseThrow();
        assertThat(problem.get("clause").asString()).isEqualTo("I-2.1");
        assertThat(problem.get("values").size()).isEqualTo(2);
        assertThat(problem.get("remedy").asString()).isNotBlank();
    }

    private Path file(String text) throws Exception {
        return Files.writeString(directory.resolve("contract.txt"), text, StandardCharsets.UTF_8);
    }

    private static Answer check(Path file, String... options) {
        var arguments = new java.util.ArrayList<String>(java.util.List.of(options));
        if (!arguments.contains("--lang")) {
            arguments.addAll(java.util.List.of("--lang", "zh"));
        }
        arguments.add(file.toString());
        return run(arguments.toArray(String[]::new));
    }

    private static Answer run(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int exit = new CommandLine(new CheckCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
        return new Answer(exit, out.toString(), err.toString());
    }
}
