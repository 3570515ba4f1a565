"""A Chinese address reaches the right district, or says that it is not sure."""

from __future__ import annotations

from pathlib import Path

import pytest

from orderloom.domain.address import complete, normalise_province, split
from orderloom.domain.address_proposal import as_evidence, propose
from orderloom.domain.divisions import _by_path, _lines, table
from orderloom.domain.glued import take_apart

SURE = """
浙江省杭州市余杭区文一西路969号|浙江省|杭州市|余杭区|文一西路969号
浙江,杭州,余杭区,文一西路969号|浙江省|杭州市|余杭区|文一西路969号
浙江,杭州,余杭,文一西路969号|浙江省|杭州市|余杭区|文一西路969号
余杭区文一西路|浙江省|杭州市|余杭区|文一西路
北京市朝阳区建国路88号|北京市|北京市|朝阳区|建国路88号
北京/北京市/朝阳区/春天街道1号楼|北京市|北京市|朝阳区|春天街道1号楼
北京市市辖区东城区东华门|北京市|北京市|东城区|东华门
上海上海市浦东新区世纪大道|上海市|上海市|浦东新区|世纪大道
重庆市县云阳县滨江路|重庆市|重庆市|云阳县|滨江路
苏州工业园区星湖街328号|江苏省|苏州市|苏州工业园区|星湖街328号
河南省济源市沁园街道|河南省|济源市||沁园街道
湖北省省直辖县级行政区划仙桃市干河街道|湖北省|仙桃市||干河街道
广东省东莞市南城街道鸿福路|广东省|东莞市||南城街道鸿福路
吉林市船营区解放路|吉林省|吉林市|船营区|解放路
四川省凉山州西昌市航天大道|四川省|凉山彝族自治州|西昌市|航天大道
内蒙古锡林郭勒盟锡林浩特市希日|内蒙古自治区|锡林郭勒盟|锡林浩特市|希日
新疆石河子市北四路|新疆维吾尔自治区|石河子市||北四路
香港特别行政区油尖旺区弥敦道|香港特别行政区|九龙|油尖旺区|弥敦道
臺北市大安區忠孝東路四段|台湾省|台北市|大安区|忠孝東路四段
广东省深圳市南山区广东省深圳市南山区科技园|广东省|深圳市|南山区|科技园
"""


@pytest.mark.parametrize("line", SURE.split())
def test_an_address_goes_to_its_district(line: str) -> None:
    text, *parts = line.split("|")
    assert list(split(text)[:4]) == parts
    assert not split(text).is_unsure


def invented() -> list[str]:
    lines = (Path(__file__).parent / "samples" / "addresses.txt").read_text("utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


@pytest.mark.parametrize("line", invented())
def test_a_parcel_goes_where_people_mean_however_they_write_it(line: str) -> None:
    text, _, right = line.partition(" → ")
    found = split(text)
    assert ("?" if found.is_unsure else "|".join(found[:4])) == right


def test_every_county_of_the_table_is_found_in_every_usual_way_of_writing_it() -> None:
    lost = []
    for place in {p for places in table().official.values() for p in places if p.district or p in table().bare_cities}:
        region = "".join(place)
        for text in (region, region.removeprefix(place.province), region * 2, " ".join(place)):
            if split(f"{text} 迎宾路8号") != (*place, "迎宾路8号", False):
                lost.append(text)
        if complete(*place, "迎宾路8号") != (*place, "迎宾路8号", False):
            lost.append(region)
    assert lost == []


def test_every_other_name_leads_to_a_place_of_the_table() -> None:
    lines = [line for name in ("also.txt", "zones.txt") for line in _lines(name)]
    official = {p for places in table().official.values() for p in places}
    others = {name for line in lines for name in line.partition("\t")[0].split(" ")}
    known = table()
    lost = {n for n in others if not known.everyday.get(n) and not known.short.get(n)}
    wrong = {line for line in lines if not _by_path(known.official, line.partition("\t")[2])}
    assert (lost, wrong) == (set(), set()) and len(official) > 3000


@pytest.mark.parametrize(("parts", "right"), [
    (("广东", "深圳", "南山", "科技园1号"), "广东省|深圳市|南山区|科技园1号"),
    (("辽宁省", "丹东市", "宽甸县", "迎宾街8号"), "辽宁省|丹东市|宽甸满族自治县|迎宾街8号"),
    (("臺灣", "臺北市", "大安區", "忠孝東路1號"), "台湾省|台北市|大安区|忠孝東路1號"),
    (("北京", "朝阳区", "三环以内", "建国路88号"), "北京市|北京市|朝阳区|三环以内 建国路88号"),
    (("四川省", "成都市", "高新区", "天府二街1号"), "四川省|成都市|高新区|天府二街1号"),
    (("河北省", "雄安新区", "容城县", "奥威路1号"), "河北省|保定市|容城县|奥威路1号"),
    (("浙江省", "杭州市", "其它区", "余杭区文一西路"), "浙江省|杭州市|余杭区|文一西路"),
    (("浙江省", "杭州市", "新设区", "幸福路1号"), "浙江省|杭州市|新设区|幸福路1号"),
    (("广东省", "东莞市", "长安镇", "振安路"), "广东省|东莞市||长安镇 振安路"),
    (("海南省", "省直辖县级行政单位", "琼海市", "嘉积镇"), "海南省|琼海市||嘉积镇"),
    (("浙江省", "杭州市", "西湖区", "浙江省杭州市西湖区文三路90号"), "浙江省|杭州市|西湖区|文三路90号"),
    (("江苏省", "南京市", "鼓楼区", "鼓楼街道3号"), "江苏省|南京市|鼓楼区|鼓楼街道3号"),
    (("浙江省", "苏州市", "吴中区", "东吴北路"), "?"),
    (("浙江省", "杭州市", "西湖区", "江苏省苏州市吴中区东吴北路"), "?"),
])
def test_what_a_platform_states_in_fields_gets_its_one_name(parts: tuple[str, ...], right: str) -> None:
    found = complete(*parts)
    assert ("?" if found.is_unsure else "|".join(found[:4])) == right


@pytest.mark.parametrize(("text", "name", "phone"), [
    ("张三 13800138000 浙江省杭州市滨江区江南大道100号", "张三", "13800138000"),
    ("浙江省杭州市滨江区江南大道100号 李小四 13900139000", "李小四", "13900139000"),
    ("收件人：王五，电话：13700137000，地址：浙江省杭州市滨江区江南大道100号", "王五", "13700137000"),
    ("浙江省杭州市滨江区江南大道100号", "", ""),
])
def test_a_name_and_phone_in_the_address_are_not_printed_as_a_street(text: str, name: str, phone: str) -> None:
    found = take_apart(text)
    assert (found.name, found.phone) == (name, phone) and "江南大道100号" in found.address
    assert not phone or (phone not in found.address and name not in found.address)


@pytest.mark.parametrize(("text", "right", "confidence"), [
    ("朝阳区建国路88号", "北京市|北京市|朝阳区|建国路88号", 50),
    ("朝阳区建国路88号 北京", "北京市|北京市|朝阳区|建国路88号 北京", 75),
    ("浙江省杭州市文一西路969号", "浙江省|杭州市||文一西路969号", 60),
    ("浙江省苏州市吴中区东吴北路", "江苏省|苏州市|吴中区|东吴北路", 70),
    ("文三路90号 西湖区 杭州市 浙江省", "浙江省|杭州市|西湖区|文三路90号", 85),
    ("上海浦东张江高科", "上海市|上海市|浦东新区|浦东张江高科", 55),
    ("昆山高新区前进路", "江苏省|苏州市|昆山市|昆山高新区前进路", 30),
])
def test_an_unsure_address_comes_with_a_correction_to_accept(text: str, right: str, confidence: int) -> None:
    found = propose("", "", "", text)
    assert found is not None
    assert "|".join((found.province, found.city, found.district, found.detail)) == right
    assert found.confidence == confidence and split(text).is_unsure
    assert "detail" not in as_evidence(found)["proposal"]


@pytest.mark.parametrize("text", ["幸福小区3栋", "100 Demo Ave", "", "北京西路123号", "朝" * 400])
def test_nothing_is_proposed_where_nothing_speaks_for_one_place(text: str) -> None:
    assert propose("", "", "", text) is None


@pytest.mark.parametrize(
    ("text", "province", "city"),
    [
        ("浙江省杭州市**区***", "浙江省", "杭州市"),
        ("浙江省苏州市吴中区", "浙江省", ""),
        ("朝阳区某某路", "", ""),
        ("北京西路123号", "", ""),
        ("丈**路吉的堡绿地**园", "", ""),
        ("100 Demo Ave", "", ""),
        ("", "", ""),
    ],
)
def test_a_doubtful_address_is_kept_whole_and_flagged(text: str, province: str, city: str) -> None:
    found = split(text)
    assert found.is_unsure
    assert (found.province, found.city, found.detail) == (province, city, text)


def test_parts_that_a_platform_gives_are_kept() -> None:
    assert complete("浙江", "杭州市", "余杭区", "文一西路") == ("浙江省", "杭州市", "余杭区", "文一西路", False)
    assert complete("上海", "市辖区", "黄浦区", "南京东路") == ("上海市", "上海市", "黄浦区", "南京东路", False)
    assert complete("广东省", "东莞市", "", "南城街道") == ("广东省", "东莞市", "", "南城街道", False)


@pytest.mark.parametrize(
    ("text", "name"), [("内蒙", "内蒙古自治区"), ("Zhejiang Province", "浙江省"), ("廣東省", "广东省"), ("WA", "")]
)
def test_a_province_has_one_name(text: str, name: str) -> None:
    assert normalise_province(text) == name


@pytest.mark.parametrize("front", ["海南省儋州市", "海南省", "海南"])
def test_a_zone_beside_its_city_stays_in_the_address(front: str) -> None:
    assert split(f"{front}洋浦经济开发区新都路1号") == ("海南省", "儋州市", "洋浦经济开发区", "新都路1号", False)
