package io.retainer.bench;

import io.retainer.contract.PrintedDemo;
import io.retainer.kernel.Texts;
import java.io.IOException;
import java.util.Arrays;

/** How long the contract with its five annexes takes to become PDF and DOCX. */
final class DocumentsBench {

    private static final int ROUNDS = 9;

    private DocumentsBench() {}

    static void run(Bench bench) throws IOException {
        var texts = Texts.in(Texts.CHINESE);
        long start = System.nanoTime();
        var pdf = PrintedDemo.contract(texts, true).pdf();
        var docx = PrintedDemo.contract(texts, true).docx();
        bench.figure("contract PDF + DOCX, the first in a fresh process", Bench.seconds(start), "s", "—");
        bench.figure("size of the PDF", pdf.length / 1e3, "kB", "—");
        bench.figure("size of the DOCX", docx.length / 1e3, "kB", "—");
        try (var document = org.apache.pdfbox.Loader.loadPDF(pdf)) {
            bench.figure("pages", document.getNumberOfPages(), "", "—");
        }
        double[] both = new double[ROUNDS];
        double[] seams = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            start = System.nanoTime();
            PrintedDemo.contract(texts, true).pdf();
            PrintedDemo.contract(texts, true).docx();
            both[i] = Bench.seconds(start);
            start = System.nanoTime();
            PrintedDemo.contract(texts, true).seam("2025年度客户服务外包合同").pdf();
            seams[i] = Bench.seconds(start);
        }
        Arrays.sort(both);
        Arrays.sort(seams);
        bench.figure("contract PDF + DOCX, median of 9", both[ROUNDS / 2], "s", "<= 2");
        bench.figure("contract PDF with a seam seal, median of 9", seams[ROUNDS / 2], "s", "—");
    }
}
