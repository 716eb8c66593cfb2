package io.retainer.contract;

import io.retainer.contract.ContractVersion.Findings;
import io.retainer.document.Paper;
import io.retainer.kernel.Clause;
import io.retainer.kernel.Money;
import io.retainer.kernel.Party;
import io.retainer.kernel.Sentence;
import io.retainer.kernel.Texts;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** The papers of the demo contract, for tests to look at and benchmarks to time. */
public final class PrintedDemo {

    private static final UUID CONTRACT = UUID.fromString("0197a3b0-0000-7000-8000-00000000000a");

    private PrintedDemo() {}

    public static Paper contract(Texts texts, boolean isSigned) {
        var imported = ContractImporter.pasted(isSigned ? DemoContract.text() : DemoContract.blank());
        var terms = imported.terms();
        for (var entry : AnnexAnswers.supplied(terms, AnnexTests.complete())) {
            terms = terms.with(entry);
        }
        var hash = "9f".repeat(32);
        var version = new ContractVersion(
                CONTRACT,
                new UUID(1, 2),
                3,
                imported.original(),
                imported.text(),
                new Findings(
                        imported.title(),
                        imported.encoding(),
                        false,
                        0,
                        imported.markers(),
                        imported.unread(),
                        imported.furniture()),
                false,
                imported.clauses(),
                terms,
                isSigned ? AnnexTests.complete() : Annexes.NONE,
                isSigned ? hash : null,
                isSigned ? Instant.parse("2024-12-21T01:00:00Z") : null);
        var signatures = isSigned
                ? List.of(
                        new Signature(
                                Party.CLIENT,
                                hash,
                                SignatureMode.SEAL,
                                "王敏",
                                "法定代表人授权委托书 2024-17",
                                new UUID(3, 1),
                                Instant.parse("2024-12-20T08:00:00Z")),
                        new Signature(
                                Party.PROVIDER,
                                hash,
                                SignatureMode.SEAL_AND_SIGNATURE,
                                "李强",
                                "授权书 2024-3",
                                new UUID(3, 2),
                                Instant.parse("2024-12-21T01:00:00Z")))
                : List.<Signature>of();
        return PrintedContract.paper(version, signatures, texts);
    }

    static NoticeLetter letter(NoticeLetter.Type type) {
        return new NoticeLetter(
                type,
                "7F3A9C21B0-0001",
                CONTRACT,
                "2025年度客户服务外包合同",
                Party.PROVIDER,
                "青禾生活用品有限公司",
                "远山客户服务有限公司",
                type == NoticeLetter.Type.TERMINATION ? Clause.I_3_3B : Clause.I_3_3A,
                new NoticeLetter.Particulars(
                        List.of(
                                Sentence.of("billing.letter.open", Money.of("0.00"), Money.of("100000.00"), 17),
                                Sentence.of("billing.letter.reference", "7F3A9C21B0-05")),
                        List.of(
                                new NoticeLetter.Item(
                                        Sentence.of("billing.letter.principal", 5), Money.of("100000.00")),
                                new NoticeLetter.Item(
                                        Sentence.of("billing.letter.penalty", 5, 17), Money.of("850.05"))),
                        List.of(new NoticeLetter.Deadline(
                                Sentence.of("billing.letter.pay", "暂停服务"), Instant.parse("2025-05-26T16:00:00Z")))),
                "此前已两次电话提醒。请财务部门尽快安排。",
                Instant.parse("2025-05-18T02:00:00Z"),
                "5e".repeat(32));
    }

    public static List<Paper> letters(Texts texts) {
        return java.util.Arrays.stream(NoticeLetter.Type.values())
                .map(type -> letter(type).paper(texts))
                .toList();
    }
}
