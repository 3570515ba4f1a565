"""Which columns a table of goods may have, what they are called, and how a column is told from a person's heading."""

from __future__ import annotations

from typing import Literal, NamedTuple

from orderloom.domain.words import Words

Kind = Literal["skus", "aliases", "bundles", "stock"]


class GoodsColumn(NamedTuple):
    """A column: its name, what it is called, and an example that a template shows."""

    name: str
    words: Words
    example: str
    is_needed: bool = False


class GoodsTable(NamedTuple):
    """A kind of table. `one_of`: at least one of these columns is needed besides."""

    title: Words
    columns: tuple[GoodsColumn, ...]
    one_of: tuple[str, ...] = ()

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns without which nothing can be read."""
        return tuple([column.name for column in self.columns if column.is_needed])

    @property
    def names(self) -> tuple[str, ...]:
        """Every column."""
        return tuple([column.name for column in self.columns])


CODE = GoodsColumn("code", Words("商品编码", "SKU"), "MUG-350-WH", True)
TABLES: dict[Kind, GoodsTable] = {
    "skus": GoodsTable(Words("商品", "SKUs"), (
        CODE,
        GoodsColumn("name", Words("名称", "Name"), "马克杯 350ml 白"),
        GoodsColumn("name_en", Words("英文名称", "English name"), "Mug 350 ml white"),
        GoodsColumn("unit", Words("单位", "Unit"), "个"),
        GoodsColumn("units", Words("换算", "Units"), "箱=12；托=480"),
        GoodsColumn("kind", Words("种类", "Kind"), "实物"),
        GoodsColumn("category", Words("分组", "Group"), "餐具/杯子"),
        GoodsColumn("goods_class", Words("货品类别", "Goods class"), "易碎"),
        GoodsColumn("barcodes", Words("条码", "Barcodes"), "6901234567892"),
        GoodsColumn("weight_g", Words("重量（克）", "Weight (g)"), "350"),
        GoodsColumn("size_mm", Words("尺寸（毫米）", "Size (mm)"), "90×90×110"),
        GoodsColumn("cost", Words("成本", "Cost"), "12.50"),
        GoodsColumn("cost_currency", Words("成本币种", "Cost currency"), "CNY"),
        GoodsColumn("tax_class", Words("税类", "Tax class"), "标准税率"),
        GoodsColumn("hs_code", Words("海关编码", "HS code"), "691110"),
        GoodsColumn("has_lots", Words("批号管理", "Lots"), "否"),
        GoodsColumn("has_serials", Words("序列号管理", "Serial numbers"), "否"),
        GoodsColumn("shelf_life_days", Words("保质期（天）", "Shelf life (days)"), "0"),
        GoodsColumn("low_at", Words("低库存下限", "Low-stock limit"), ""),
        GoodsColumn("components", Words("组合", "Components"), ""),
    )),
    "aliases": GoodsTable(Words("别名", "Aliases"), (
        GoodsColumn("spelling", Words("渠道写法", "Spelling"), "白色马克杯-单只", True),
        CODE,
        GoodsColumn("account", Words("店铺", "Shop"), ""),
        GoodsColumn("factor", Words("含数量", "Units in one"), "1"),
    )),
    "bundles": GoodsTable(Words("组合商品", "Bundles"), (
        GoodsColumn("bundle", Words("组合编码", "Bundle"), "SET-2", True),
        GoodsColumn("component", Words("组件编码", "Component"), "MUG-350-WH", True),
        GoodsColumn("count", Words("组件数量", "Units of it"), "2", True),
    )),
    "stock": GoodsTable(Words("库存", "Stock"), (
        CODE,
        GoodsColumn("warehouse", Words("仓库", "Warehouse"), "HZ", True),
        GoodsColumn("quantity", Words("入库数量", "Received"), ""),
        GoodsColumn("counted", Words("盘点数", "Counted"), "100"),
        GoodsColumn("document", Words("单号", "Document"), ""),
        GoodsColumn("number", Words("行号", "Line"), ""),
    ), ("quantity", "counted")),
}
