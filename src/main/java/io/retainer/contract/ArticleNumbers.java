package io.retainer.contract;

import io.retainer.kernel.Texts;

/** How articles and sections of papers are numbered: 第一条, 一、 and Article 1, 1. */
final class ArticleNumbers {

    private static final String NUMERALS = "一二三四五六七八九";

    private ArticleNumbers() {}

    static String article(int number, String title, Texts texts) {
        return texts.say("contract.paper.article", number(number, texts), title);
    }

    static String section(int number, String title, Texts texts) {
        return texts.say("contract.paper.section", number(number, texts), title);
    }

    private static String number(int number, Texts texts) {
        if (texts.locale().equals(Texts.ENGLISH)) {
            return Integer.toString(number);
        }
        var ones = number % 10 == 0 ? "" : NUMERALS.substring(number % 10 - 1, number % 10);
        var tens = number < 10 ? "" : (number < 20 ? "" : NUMERALS.substring(number / 10 - 1, number / 10)) + "十";
        return tens + ones;
    }
}
