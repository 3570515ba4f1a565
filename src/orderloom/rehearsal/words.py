"""Names of goods and people that the world is made of; put together by rule, meant for nobody who exists."""

from __future__ import annotations

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
    "钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉萍红鹏辉飞雪琳晨曦子涵梓轩浩然雨欣怡嘉诺思远若宁清和安然乐瑶"
    "一鸣知行景明书瑶沐阳可心语桐星辰望舒"
)
ODD_NAMES = (
    "𠮷田美咲", "㛃晓雯", "José Núñez", "Zoë Müller", "李🐼团子", "François Lefèvre", "王喆（请放前台）", "𡈽井健",
)  # fmt: skip
"""Names that a careless system breaks: characters beyond the basic plane, accents, pictographs."""

ROADS = ("中山路", "人民路", "解放路", "建设路", "文化路", "和平路", "新华路", "朝阳路", "学府路", "滨江路", "科技路",
         "迎宾大道", "长江路", "湖滨路", "工业大道", "幸福路")  # fmt: skip
ESTATES = ("阳光花园", "锦绣家园", "春江花月", "翠湖天地", "金桂苑", "书香门第", "凤凰城", "紫金公馆", "清水湾")

WESTERN_FIRST = ("Emma", "Liam", "Olivia", "Noah", "Ava", "Lucas", "Mia", "Ethan", "Chloé", "Jürgen", "Sofía", "Björn")
WESTERN_LAST = ("Smith", "Johnson", "Brown", "Garcia", "Miller", "Weiß", "Lefebvre", "O'Neill", "Kowalski", "Svensson")
STREETS = ("Maple Ave", "Oak St", "Cedar Ln", "2nd St", "Park Blvd", "Washington St", "Lakeview Dr", "Sunset Rd")
CITIES_ABROAD = (
    ("US", "CA", "San Jose", "95112"), ("US", "NY", "Brooklyn", "11201"), ("US", "TX", "Austin", "78701"),
    ("US", "WA", "Seattle", "98101"), ("US", "IL", "Chicago", "60601"), ("US", "FL", "Miami", "33101"),
    ("CA", "ON", "Toronto", "M5V 2T6"), ("GB", "England", "Leeds", "LS1 4AP"), ("DE", "NW", "Köln", "50667"),
    ("FR", "Île-de-France", "Paris", "75011"), ("JP", "Tokyo", "Shibuya", "150-0002"),
)  # fmt: skip

NOTES = ("", "", "", "", "", "请尽快发货", "不要放快递柜", "礼物，请勿放价格单", "周末送货", "gift, no invoice please",
         "颜色随机即可", "送前请电话联系 é ü 🎁")  # fmt: skip

CATEGORIES = (
    ("M", "马克杯", "mug", 2_900), ("B", "保温杯", "vacuum bottle", 7_900), ("T", "毛巾", "towel", 1_900),
    ("P", "抱枕", "cushion", 3_900), ("L", "台灯", "desk lamp", 12_900), ("N", "笔记本", "notebook", 1_500),
    ("K", "厨刀", "kitchen knife", 9_900), ("S", "拖鞋", "slippers", 2_500), ("C", "窗帘", "curtain", 15_900),
    ("H", "衣架", "hanger", 1_200), ("G", "玻璃碗", "glass bowl", 2_200), ("E", "耳机", "earphones", 19_900),
    ("D", "数据线", "data cable", 1_900), ("F", "香薰", "room scent", 5_900), ("A", "围裙", "apron", 3_500),
    ("R", "雨伞", "umbrella", 4_900), ("W", "挂钟", "wall clock", 6_900), ("J", "首饰盒", "jewel box", 8_900),
    ("Q", "瑜伽垫", "yoga mat", 7_500), ("V", "花瓶", "vase", 5_500),
)  # fmt: skip
"""Letter of the code, what it is in Chinese and English, the cheapest price in fen."""

STYLES = (("简约", "plain"), ("复古", "vintage"), ("加厚", "thick"), ("便携", "portable"), ("北欧风", "Nordic"),
          ("国潮", "guochao"), ("轻奢", "fine"), ("儿童", "children's"), ("商务", "business"))  # fmt: skip
COLOURS = (("白色", "white"), ("黑色", "black"), ("米色", "beige"), ("墨绿", "dark green"), ("雾蓝", "mist blue"),
           ("樱粉", "cherry pink"), ("琥珀", "amber"))  # fmt: skip
SIZES = (("小号", "S"), ("中号", "M"), ("大号", "L"))

HOUR_WEIGHTS = (
    45, 25, 14, 9, 8, 12, 28, 55, 85, 112, 128, 130, 118, 112, 118, 122, 120, 112, 118, 142, 172, 188, 160, 95,
)  # fmt: skip
"""Orders by hour of the day in China, per cent of the mean: a low night, a full morning, the peak after nine in the
evening."""

PROVINCE_WEIGHTS = {
    "广东省": 18, "浙江省": 13, "江苏省": 12, "山东省": 7, "上海市": 7, "北京市": 6, "四川省": 6, "福建省": 5,
    "河南省": 5, "湖北省": 5, "湖南省": 4, "安徽省": 4, "河北省": 3, "辽宁省": 3, "陕西省": 3, "重庆市": 3, "江西省": 2,
    "广西壮族自治区": 2, "云南省": 2, "天津市": 2, "黑龙江省": 1, "吉林省": 1, "贵州省": 1, "山西省": 1,
    "新疆维吾尔自治区": 1, "海南省": 1,
}  # fmt: skip
