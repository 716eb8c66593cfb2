package io.retainer.messaging;

import java.util.ArrayList;
import java.util.regex.Pattern;

/**
 * The words of a message: subject, text, and the same as HTML. The HTML is made from the text, so nobody writes any.
 */
record Wording(String subject, String text, String html) {

    static Wording of(String subject, String text, String site, String language) {
        return new Wording(subject.replaceAll("[\\p{Cntrl}]+", " ").strip(), text, html(text, site, language));
    }

    private static String html(String text, String site, String language) {
        // Only addresses of this very site become links: a customer's name that looks like one does not.
        var link = Pattern.compile(Pattern.quote(escape(site)) + "/[A-Za-z0-9/_.?=&;%-]*");
        var out = new StringBuilder("<!DOCTYPE html><html lang=\"")
                .append(language.equals("en") ? "en" : "zh-CN")
                .append(
                        "\"><head><meta charset=\"utf-8\"></head><body style=\"font-family:sans-serif;color:#1d2b38\">");
        for (var block : text.strip().split("\\n\\s*\\n")) {
            var lines = new ArrayList<String>();
            boolean list = block.strip().lines().allMatch(line -> line.startsWith("- "));
            block.strip()
                    .lines()
                    .map(line -> list ? "<li>" + escape(line.substring(2)) + "</li>" : escape(line))
                    .forEach(lines::add);
            var inner = String.join(list ? "" : "<br>", lines);
            inner = link.matcher(inner)
                    .replaceAll(found -> java.util.regex.Matcher.quoteReplacement(
                            "<a href=\"" + found.group() + "\">" + found.group() + "</a>"));
            out.append(list ? "<ul>" : "<p>").append(inner).append(list ? "</ul>" : "</p>");
        }
        return out.append("</body></html>").toString();
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
