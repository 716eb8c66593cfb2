package io.retainer.customer;

import io.retainer.vault.PersonalKind;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a column of a file goes.
 *
 * @param column what it is
 * @param field the key, when it is a field of the client's own
 */
record Target(Column column, @Nullable String field) {

    /** What a column can be. */
    enum Column {
        IGNORE,
        NAME,
        KIND,
        REFERENCE,
        CREDIT_CODE,
        PHONE,
        EMAIL,
        WECHAT,
        ID_NUMBER,
        ADDRESS,
        TAGS,
        SINCE,
        /** What is to be remembered. */
        NOTE,
        /** The company a person belongs to. */
        COMPANY,
        /** As what a person stands for it. */
        ROLE,
        FIELD
    }

    static final Target IGNORE = new Target(Column.IGNORE, null);

    private static final Map<Column, Pattern> HEADINGS = Map.ofEntries(
            Map.entry(
                    Column.NAME,
                    Pattern.compile(
                            "(客户|客戶|会员|顾客|联系人|用户|公司|企业|单位)?(姓名|名称|名字|名稱)|联系人|客户|(full|customer|contact|company|display)?name")),
            Map.entry(Column.KIND, Pattern.compile("(客户)?(类型|类别|性质)|(customer)?(type|kind)")),
            Map.entry(
                    Column.REFERENCE,
                    Pattern.compile(
                            "(客户|客戶|会员|會員|顾客|用户)?(编号|編號|编码|卡号|号码|代码|id)|会员号|(customer|member|external)?(id|no|number|code|ref|reference)")),
            Map.entry(Column.CREDIT_CODE, Pattern.compile("统一社会信用代码|信用代码|税号|uscc|creditcode|unifiedsocialcreditcode")),
            Map.entry(
                    Column.PHONE,
                    Pattern.compile(
                            ".*(手机|手機|电话|電話|联系方式|座机|固话).*|(mobile|phone|cell|tel|telephone|cellphone)(phone)?(number|no)?s?[0-9]?")),
            Map.entry(Column.EMAIL, Pattern.compile(".*(邮箱|邮件|郵箱|電郵|email|e-mail|mail).*")),
            Map.entry(Column.WECHAT, Pattern.compile(".*(微信|wechat|weixin|wxid).*")),
            Map.entry(Column.ID_NUMBER, Pattern.compile(".*(身份证|证件号).*|idnumber|idcard|idno|nationalid")),
            Map.entry(Column.ADDRESS, Pattern.compile(".*(地址|住址|address).*")),
            Map.entry(Column.TAGS, Pattern.compile("(客户)?标签|tags?|labels?")),
            Map.entry(Column.NOTE, Pattern.compile("(客户)?(备注|備註|附注|注释|说明)|remarks?|notes?|comments?|memo")),
            Map.entry(
                    Column.COMPANY,
                    Pattern.compile("(所属|所在|工作|任职)?(公司|单位|企业|机构)(名称)?|(company|organi[sz]ation|employer)(name)?")),
            Map.entry(Column.ROLE, Pattern.compile("职务|职位|岗位|头衔|(job)?title|position|role")),
            Map.entry(Column.SINCE, Pattern.compile("(数据|统计|截至|截止)(日期|时间|日)|asof(date)?|since")));

    private static final Pattern NOISE = Pattern.compile("[\\s_\\-:：()（）*.#]+");
    private static final Pattern LIKE_PHONE =
            Pattern.compile("(\\+?86[ -]?)?1[3-9][0-9]{9}|\\+[0-9 ()-]{7,18}|0[0-9]{2,3}-?[0-9]{7,8}");
    private static final Pattern LIKE_EMAIL = Pattern.compile("[^@\\s]+@[^@\\s]+\\.[^@\\s]+");
    private static final Pattern LIKE_ID = Pattern.compile("[0-9]{17}[0-9Xx]");
    private static final Pattern LIKE_ADDRESS = Pattern.compile(".*[省市区县].*[路街道号村].*");
    private static final Pattern LIKE_NAME = Pattern.compile("\\p{IsHan}{2,4}|\\p{Lu}\\p{L}+ \\p{Lu}\\p{L}+");

    /** As stored and sent in forms: {@code PHONE}, {@code FIELD:level}. */
    String code() {
        return field == null ? column.name() : column.name() + ":" + field;
    }

    /** What is unknown is left out. */
    static Target of(String code) {
        int colon = code.indexOf(':');
        var name = colon < 0 ? code : code.substring(0, colon);
        for (var column : Column.values()) {
            if (column.name().equals(name) && (column == Column.FIELD) == (colon > 0)) {
                return new Target(column, colon > 0 ? code.substring(colon + 1) : null);
            }
        }
        return IGNORE;
    }

    /** How a cell is masked on the screen on which columns are assigned. */
    PersonalKind kind() {
        return switch (column) {
            case PHONE -> PersonalKind.PHONE;
            case EMAIL -> PersonalKind.EMAIL;
            case WECHAT -> PersonalKind.WECHAT;
            case ID_NUMBER -> PersonalKind.ID_NUMBER;
            case ADDRESS -> PersonalKind.ADDRESS;
            case IGNORE, NAME, KIND, REFERENCE, CREDIT_CODE, TAGS, SINCE, NOTE, COMPANY, ROLE, FIELD ->
                PersonalKind.NAME;
        };
    }

    /** By the headings first, then by what stands below them. */
    static List<Target> guess(List<String> header, List<List<String>> sample, Map<String, CustomField> fields) {
        var targets = new ArrayList<Target>();
        Set<Column> single = new HashSet<>();
        for (int i = 0; i < header.size(); i++) {
            var target = byHeading(header.get(i), fields);
            if (target.column() == Column.IGNORE) {
                target = byContent(column(sample, i));
            }
            boolean once = target.column() == Column.NAME
                    || target.column() == Column.REFERENCE
                    || target.column() == Column.KIND
                    || target.column() == Column.CREDIT_CODE
                    || target.column() == Column.SINCE
                    || target.column() == Column.COMPANY
                    || target.column() == Column.ROLE;
            if (once && !single.add(target.column())) {
                target = IGNORE;
            }
            targets.add(target);
        }
        // A list of companies has no people in it.
        int company = targets.indexOf(new Target(Column.COMPANY, null));
        if (company >= 0 && !targets.contains(new Target(Column.NAME, null))) {
            targets.set(company, new Target(Column.NAME, null));
        }
        return targets;
    }

    private static Target byHeading(String heading, Map<String, CustomField> fields) {
        var text = NOISE.matcher(
                        Normalizer.normalize(heading, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT))
                .replaceAll("");
        for (var field : fields.values()) {
            if (field.key().equalsIgnoreCase(heading.strip()) || field.label().equalsIgnoreCase(heading.strip())) {
                return new Target(Column.FIELD, field.key());
            }
        }
        // More telling headings first: 身份证号码 is no reference, 邮箱地址 no address.
        for (var column : List.of(
                Column.CREDIT_CODE,
                Column.ID_NUMBER,
                Column.EMAIL,
                Column.WECHAT,
                Column.PHONE,
                Column.ADDRESS,
                Column.TAGS,
                Column.SINCE,
                Column.NOTE,
                Column.ROLE,
                Column.COMPANY,
                Column.KIND,
                Column.REFERENCE,
                Column.NAME)) {
            var pattern = HEADINGS.get(column);
            if (pattern != null && pattern.matcher(text).matches()) {
                return new Target(column, null);
            }
        }
        return IGNORE;
    }

    private static Target byContent(List<String> cells) {
        var filled = cells.stream()
                .map(String::strip)
                .filter(cell -> !cell.isEmpty())
                .toList();
        if (filled.isEmpty()) {
            return IGNORE;
        }
        for (var each : List.of(
                Map.entry(Column.ID_NUMBER, LIKE_ID),
                Map.entry(Column.PHONE, LIKE_PHONE),
                Map.entry(Column.EMAIL, LIKE_EMAIL),
                Map.entry(Column.ADDRESS, LIKE_ADDRESS),
                Map.entry(Column.NAME, LIKE_NAME))) {
            long like = filled.stream()
                    .filter(cell -> each.getValue().matcher(cell).matches())
                    .count();
            if (like * 10 >= filled.size() * 8L) {
                return new Target(each.getKey(), null);
            }
        }
        return IGNORE;
    }

    private static List<String> column(List<List<String>> sample, int i) {
        return sample.stream().map(row -> i < row.size() ? row.get(i) : "").toList();
    }

    /** Whether the first row of a file is data already: headings hold no phone number or address. */
    static boolean isData(List<String> firstRow) {
        return firstRow.stream()
                .map(String::strip)
                .anyMatch(cell -> LIKE_ID.matcher(cell).matches()
                        || LIKE_PHONE.matcher(cell).matches()
                        || LIKE_EMAIL.matcher(cell).matches());
    }

    /** Where the columns of a file go; the headings tell values of one kind apart. */
    record Plan(List<Target> targets, List<Optional<String>> labels) {

        static Plan of(List<Target> targets, List<String> header) {
            var labels = new ArrayList<Optional<String>>();
            for (int i = 0; i < targets.size(); i++) {
                labels.add(Optional.ofNullable(Target.label(targets, header, i)));
            }
            return new Plan(targets, labels);
        }

        /** Whether rows can say more than what a customer is. */
        boolean besides() {
            return targets.stream().anyMatch(each -> each.column() == Column.NOTE || each.column() == Column.COMPANY);
        }

        @Nullable
        String label(int column) {
            return labels.get(column).orElse(null);
        }
    }

    /** How many cells say by themselves what stands below them. */
    static long known(List<String> headings) {
        return headings.stream()
                .filter(heading -> byHeading(heading, Map.of()).column() != Column.IGNORE)
                .count();
    }

    /** The customer a row tells of. */
    static NewCustomer customer(Plan plan, List<String> cells) {
        var mapping = plan.targets();
        var kind = CustomerKind.PERSON;
        String name = "";
        String reference = null;
        String creditCode = null;
        String since = null;
        boolean belongs = false;
        var contacts = new ArrayList<NewCustomer.Contact>();
        var tags = new ArrayList<String>();
        Map<String, String> fields = new HashMap<>();
        for (int i = 0; i < Math.min(mapping.size(), cells.size()); i++) {
            var cell = CsvRows.plain(cells.get(i)).strip();
            if (cell.isEmpty()) {
                continue;
            }
            var target = mapping.get(i);
            switch (target.column()) {
                case IGNORE -> {}
                case NAME -> name = cell;
                case KIND -> kind = kind(cell);
                case REFERENCE -> reference = cell;
                case CREDIT_CODE -> creditCode = cell;
                case PHONE -> contacts(contacts, ContactKind.PHONE, cell, ";；,，、/|", plan.label(i));
                case EMAIL -> contacts(contacts, ContactKind.EMAIL, cell, ";；,，、|", plan.label(i));
                case WECHAT -> contacts(contacts, ContactKind.WECHAT, cell, ";；,，、|", plan.label(i));
                case ID_NUMBER -> contacts.add(new NewCustomer.Contact(ContactKind.ID_NUMBER, cell, null));
                case ADDRESS -> contacts.add(new NewCustomer.Contact(ContactKind.ADDRESS, cell, plan.label(i)));
                case TAGS -> split(cell, ";；,，、|", tags::add);
                case SINCE -> since = cell;
                case COMPANY -> belongs = true;
                case NOTE, ROLE -> {}
                case FIELD -> {
                    if (target.field() != null) {
                        fields.put(target.field(), cell);
                    }
                }
            }
        }
        if (belongs) {
            creditCode = null; // of the company
        } else if (creditCode != null) {
            kind = CustomerKind.COMPANY;
        }
        return new NewCustomer(kind, name, reference, creditCode, contacts, tags, fields, since);
    }

    /**
     * What a row says besides.
     *
     * @param company the person belongs to; it may be none that is known
     * @param creditCode of that company
     */
    record Besides(
            @Nullable String note,
            @Nullable String company,
            @Nullable String creditCode,
            @Nullable String role) {

        boolean nothing() {
            return note == null && company == null;
        }

        /** Shows nothing of the person. */
        @Override
        public String toString() {
            return "Besides";
        }
    }

    static Besides besides(Plan plan, List<String> cells) {
        String note = null;
        String company = null;
        String creditCode = null;
        String role = null;
        for (int i = 0; i < Math.min(plan.targets().size(), cells.size()); i++) {
            var cell = CsvRows.plain(cells.get(i)).strip();
            if (cell.isEmpty()) {
                continue;
            }
            switch (plan.targets().get(i).column()) {
                case NOTE -> note = note == null ? cell : note + "；" + cell;
                case COMPANY -> company = cell;
                case CREDIT_CODE -> creditCode = cell;
                case ROLE -> role = cell;
                case IGNORE, NAME, KIND, REFERENCE, PHONE, EMAIL, WECHAT, ID_NUMBER, ADDRESS, TAGS, SINCE, FIELD -> {}
            }
        }
        return new Besides(note, company, company == null ? null : creditCode, role);
    }

    private static void contacts(
            List<NewCustomer.Contact> contacts, ContactKind kind, String cell, String between, @Nullable String label) {
        split(cell, between, value -> {
            if (!value.isBlank()) {
                contacts.add(new NewCustomer.Contact(kind, value.strip(), label));
            }
        });
    }

    private static void split(String cell, String between, Consumer<String> each) {
        int start = 0;
        for (int i = 0; i <= cell.length(); i++) {
            if (i == cell.length() || between.indexOf(cell.charAt(i)) >= 0) {
                each.accept(cell.substring(start, i));
                start = i + 1;
            }
        }
    }

    /** The heading tells values of one kind apart; alone it says nothing new. */
    private static @Nullable String label(List<Target> mapping, List<String> header, int i) {
        long same = mapping.stream().filter(mapping.get(i)::equals).count();
        return same > 1 && i < header.size() && header.get(i).length() <= 50 ? header.get(i) : null;
    }

    private static CustomerKind kind(String cell) {
        var text = cell.toLowerCase(Locale.ROOT);
        return text.contains("企业") || text.contains("公司") || text.contains("单位") || text.startsWith("compan")
                ? CustomerKind.COMPANY
                : CustomerKind.PERSON;
    }
}
