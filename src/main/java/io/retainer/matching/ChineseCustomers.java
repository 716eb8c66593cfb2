package io.retainer.matching;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Customers of our own making, for want of a public labelled set of Chinese ones: families that share surname, address and
 * telephone, namesakes, and duplicates with the slips people make. The same seed gives the same customers.
 *
 * @param records name, phone, e-mail, identity number, date of birth, address
 * @param truth which of them are one person
 */
public record ChineseCustomers(Records records, Truth truth) {

    /** The columns. */
    public static final List<String> COLUMNS = List.of("姓名", "手机", "邮箱", "证件号码", "出生日期", "地址");

    private static final String FAMILIES =
            "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万钱严";
    private static final String GIVEN =
            "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英华建国志文玉红梅春海波鹏飞宇浩晨欣怡佳琪思雨梓涵子轩诗嘉俊豪博雅婷雪琳慧颖倩莉丹凤云峰斌鑫龙凯旭阳宁瑞祥福荣庆东林森清源泽楠";
    private static final List<String> SOUNDALIKES = List.of(
            "伟玮纬", "芳方", "静靖婧", "丽莉利", "军君钧", "杰洁捷", "娟涓", "涛韬", "明铭鸣", "兰岚", "霞侠", "英瑛莹", "志智", "文雯", "红宏虹", "海", "波博",
            "飞菲霏", "宇雨羽", "欣鑫昕馨", "佳嘉家", "琪祺琦", "思斯", "涵晗", "雪", "琳霖林", "慧惠", "颖影", "倩茜", "峰锋枫", "凯楷", "旭绪", "阳洋杨",
            "宁柠", "瑞睿", "东冬", "清青轻", "泽则", "张章", "徐许", "陆路", "余于", "江姜", "沈审");
    private static final String TRADITIONAL =
            "張张劉刘陳陈楊杨黃黄趙赵吳吴孫孙馬马鄭郑謝谢許许韓韩鄧邓馮冯蕭萧葉叶蘇苏呂吕盧卢鐘钟譚谭陸陆麗丽靜静強强軍军勇勇豔艳濤涛蘭兰剛刚華华國国紅红鵬鹏飛飞穎颖鳳凤雲云龍龙陽阳寧宁慶庆東东澤泽";
    private static final List<List<String>> REGIONS = List.of(
            List.of("广东省", "深圳市", "南山区"),
            List.of("广东省", "广州市", "天河区"),
            List.of("广东省", "东莞市", ""),
            List.of("浙江省", "杭州市", "西湖区"),
            List.of("浙江省", "宁波市", "鄞州区"),
            List.of("江苏省", "南京市", "鼓楼区"),
            List.of("江苏省", "苏州市", "昆山市"),
            List.of("四川省", "成都市", "武侯区"),
            List.of("湖北省", "武汉市", "洪山区"),
            List.of("山东省", "青岛市", "市南区"),
            List.of("福建省", "厦门市", "思明区"),
            List.of("湖南省", "长沙市", "岳麓区"),
            List.of("北京市", "", "朝阳区"),
            List.of("上海市", "", "浦东新区"),
            List.of("天津市", "", "河西区"),
            List.of("重庆市", "", "渝中区"),
            List.of("陕西省", "西安市", "雁塔区"),
            List.of("河南省", "郑州市", "金水区"),
            List.of("辽宁省", "大连市", "中山区"),
            List.of("吉林省", "延边朝鲜族自治州", "延吉市"));
    private static final String ROADS = "中山人民建设解放新华和平文化长江黄河幸福光明学府科技创业滨河湖滨金沙翠竹梧桐枫林望海";
    private static final String[] HOSTS = {
        "qq.com", "163.com", "126.com", "sina.com", "gmail.com", "outlook.com", "foxmail.com"
    };
    private static final double DUPLICATES = 0.1;
    private static final double RELATIVES = 0.15;

    /** A person as he is, before anyone mistypes him. */
    private record Person(
            String name, String phone, String email, String id, String born, List<String> region, String street) {

        List<@Nullable String> row() {
            var row = new ArrayList<@Nullable String>();
            row.add(name);
            row.add(phone);
            row.add(email);
            row.add(id);
            row.add(born);
            row.add(String.join("", region) + street);
            return row;
        }
    }

    /**
     * Makes them.
     *
     * @param size how many records, a tenth of them duplicates of an earlier one
     */
    public static ChineseCustomers generate(int size, long seed) {
        return new Maker(new SplittableRandom(seed)).make(size);
    }

    private static final class Maker {

        private final SplittableRandom random;
        private final Longs same = new Longs();

        Maker(SplittableRandom random) {
            this.random = random;
        }

        ChineseCustomers make(int size) {
            int originals = size - (int) (size * DUPLICATES);
            var builder = Records.of(COLUMNS);
            var persons = new ArrayList<Person>(originals);
            for (int i = 0; i < originals; i++) {
                var relative = i > 0 && chance(RELATIVES) ? persons.get(i - 1) : null;
                var person = person(relative);
                persons.add(person);
                builder.add(blanked(person.row(), 0.12));
            }
            int next = originals;
            while (next < size) {
                int original = random.nextInt(originals);
                int copies = Math.min(size - next, chance(0.15) ? 2 : 1);
                for (int c = 0; c < copies; c++) {
                    builder.add(mistyped(persons.get(original)));
                    same.add(Pairs.of(original, next));
                    for (int other = 1; other <= c; other++) {
                        same.add(Pairs.of(next - other, next));
                    }
                    next++;
                }
            }
            return new ChineseCustomers(builder.build(), new Truth(closed(), null));
        }

        /** An original drawn twice has two copies made apart, which are one person all the same. */
        private long[] closed() {
            var once = Longs.distinct(List.of(same));
            var all = new Longs();
            for (int from = 0, to; from < once.length; from = to) {
                to = from;
                while (to < once.length && Pairs.low(once[to]) == Pairs.low(once[from])) {
                    to++;
                }
                for (int i = from; i < to; i++) {
                    all.add(once[i]);
                    for (int j = i + 1; j < to; j++) {
                        all.add(Pairs.of(Pairs.high(once[i]), Pairs.high(once[j])));
                    }
                }
            }
            return Longs.distinct(List.of(all));
        }

        private Person person(@Nullable Person relative) {
            var family = relative != null ? relative.name.substring(0, 1) : family();
            var given = given();
            int year = 1950 + random.nextInt(56);
            int month = 1 + random.nextInt(12);
            int day = 1 + random.nextInt(28);
            var born = "%04d-%02d-%02d".formatted(year, month, day);
            var stem = "%06d".formatted(110_000 + random.nextInt(540_000))
                    + born.replace("-", "")
                    + "%03d".formatted(random.nextInt(1000));
            var phone = relative != null && chance(0.4) ? relative.phone : phone();
            var region = relative != null ? relative.region : REGIONS.get(random.nextInt(REGIONS.size()));
            var street = relative != null ? relative.street : street();
            var email = chance(0.5)
                    ? HanScript.sound(family + given) + random.nextInt(1000) + "@" + host()
                    : phone + "@" + host();
            return new Person(family + given, phone, email, stem + ResidentId.checkOf(stem), born, region, street);
        }

        private String family() {
            // A few names are very common, as they are.
            double skew = random.nextDouble() * random.nextDouble();
            return String.valueOf(FAMILIES.charAt((int) (skew * FAMILIES.length())));
        }

        private String given() {
            var given = String.valueOf(GIVEN.charAt(random.nextInt(GIVEN.length())));
            return chance(0.7) ? given + GIVEN.charAt(random.nextInt(GIVEN.length())) : given;
        }

        private String phone() {
            return "1" + (3 + random.nextInt(7)) + "%09d".formatted(random.nextInt(1_000_000_000));
        }

        private String street() {
            int road = random.nextInt(ROADS.length() / 2) * 2;
            return ROADS.substring(road, road + 2) + "路" + (1 + random.nextInt(300)) + "号" + (1 + random.nextInt(30))
                    + "栋" + (101 + random.nextInt(2500)) + "室";
        }

        private String host() {
            return HOSTS[random.nextInt(HOSTS.length)];
        }

        private List<@Nullable String> blanked(List<@Nullable String> row, double share) {
            for (int c = 1; c < row.size(); c++) {
                // People seldom leave their identity number.
                if (chance(c == 3 ? 0.5 : share)) {
                    row.set(c, null);
                }
            }
            return row;
        }

        private List<@Nullable String> mistyped(Person person) {
            var name = name(person.name);
            var phone = chance(0.15) ? phone() : chance(0.1) ? slip(person.phone) : written(person.phone);
            var email = chance(0.2)
                    ? HanScript.sound(person.name) + "@" + host()
                    : chance(0.1) ? slip(person.email) : person.email;
            var id = chance(0.08) ? slip(person.id) : person.id;
            var born = chance(0.08) ? slip(person.born) : chance(0.3) ? person.born.replace("-", "/") : person.born;
            var row = new ArrayList<@Nullable String>(List.of(name, phone, email, id, born, address(person)));
            return blanked(row, 0.2);
        }

        private String name(String name) {
            return switch (random.nextInt(10)) {
                case 0 -> soundalike(name);
                case 1 -> traditional(name);
                case 2 -> name.charAt(0) + " " + name.substring(1);
                case 3 ->
                    name.length() > 2 && chance(0.5)
                            ? HanScript.sound(name.substring(0, 1)) + " " + HanScript.sound(name.substring(1))
                            : name;
                case 4 -> chance(0.3) ? name.charAt(0) + (chance(0.5) ? "先生" : "女士") : name;
                default -> name;
            };
        }

        private String soundalike(String name) {
            int at = random.nextInt(name.length());
            for (var group : SOUNDALIKES) {
                if (group.indexOf(name.charAt(at)) >= 0) {
                    return name.substring(0, at)
                            + group.charAt(random.nextInt(group.length()))
                            + name.substring(at + 1);
                }
            }
            return name;
        }

        private static String traditional(String name) {
            var out = new StringBuilder();
            for (int i = 0; i < name.length(); i++) {
                char c = name.charAt(i);
                int at = TRADITIONAL.indexOf(c);
                out.append(at > 0 ? TRADITIONAL.charAt(at - 1) : c);
            }
            return out.toString();
        }

        private String written(String phone) {
            return switch (random.nextInt(4)) {
                case 0 -> "+86 " + phone;
                case 1 -> phone.substring(0, 3) + "-" + phone.substring(3, 7) + "-" + phone.substring(7);
                default -> phone;
            };
        }

        private String address(Person person) {
            if (chance(0.15)) {
                return String.join("", REGIONS.get(random.nextInt(REGIONS.size()))) + street(); // has moved
            }
            var region = person.region;
            var front = switch (random.nextInt(4)) {
                case 0 -> region.get(0).replaceAll("[省市]$", "") + region.get(1).replace("市", "") + region.get(2);
                case 1 -> region.get(1).isEmpty() ? region.get(0) + region.get(2) : region.get(1) + region.get(2);
                default -> String.join("", region);
            };
            var street = chance(0.3) ? person.street.replace("栋", "-").replace("室", "") : person.street;
            return front + (chance(0.1) ? slip(street) : street);
        }

        private String slip(String text) {
            int at = 1 + random.nextInt(text.length() - 1);
            return switch (random.nextInt(3)) {
                case 0 -> text.substring(0, at) + text.substring(at + 1);
                case 1 -> text.substring(0, at - 1) + text.charAt(at) + text.charAt(at - 1) + text.substring(at + 1);
                default -> text.substring(0, at) + random.nextInt(10) + text.substring(at + 1);
            };
        }

        private boolean chance(double share) {
            return random.nextDouble() < share;
        }
    }

    /** Whether two rows are one person. */
    public boolean same(int a, int b) {
        return Arrays.binarySearch(truth.same(), Pairs.of(a, b)) >= 0;
    }

    /** How many pairs are. */
    public int samePairs() {
        return truth.same().length;
    }

    /** The records as rows of strings, for programs that want them so. */
    public List<Map<String, String>> rows() {
        var rows = new ArrayList<Map<String, String>>(records.size());
        for (int row = 0; row < records.size(); row++) {
            var values = new LinkedHashMap<String, String>();
            for (var column : records.columns()) {
                var value = column.at(row);
                if (value != null) {
                    values.put(column.name(), value);
                }
            }
            rows.add(values);
        }
        return rows;
    }
}
