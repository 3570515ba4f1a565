"""A Chinese address reaches the right district, or says that it is not sure."""

from __future__ import annotations

import pytest

from orderloom.domain.address import complete, distance_km, normalise_province, split

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


@pytest.mark.parametrize(
    ("text", "province", "city"),
    [
        ("江苏省苏州市工业园区星湖街328号", "江苏省", "苏州市"),
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


def test_the_nearest_warehouse_is_the_nearest() -> None:
    near, far = distance_km("浙江省", "上海"), distance_km("浙江省", "新疆")
    assert near is not None and far is not None
    assert 100 < near < 250 and 2500 < far < 3500
    assert distance_km("北京", "北京市") == 0
    assert distance_km("浙江", "Ontario") is None
