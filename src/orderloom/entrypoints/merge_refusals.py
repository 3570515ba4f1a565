"""Why works are not merged, parted or split, in words for people; after a point the particular reason."""

from __future__ import annotations

from collections.abc import Mapping

MERGE_REFUSALS: Mapping[str, tuple[str, str]] = {
    "merge_too_few": ("合单至少要两张作业单（现在只有 {work}），请再选一张",
                      "a merge is of two works at least, not of {work} alone: choose more"),
    "merge_too_much": ("一个包裹最多 {most} 张作业单、{grams_most} 克，这里有 {works} 张、{grams} 克；请少选几张",
                       "a parcel takes {most} works and {grams_most} g, these are {works} and {grams} g: choose fewer"),
    "merge_sealed.picked": ("作业单 {work} 已经开始拣货，不能再合单或拆开",
                            "work {work} is being picked already: it is not merged or parted any more"),
    "merge_sealed.label": ("作业单 {work} 已有面单，不能再合单或拆开；先作废面单",
                           "work {work} has a label already: give the label back first"),
    "merge_alone.cod": ("作业单 {work} 是货到付款，一张运单只能代收一笔，不能合单",
                        "work {work} is paid at the door: a waybill collects one sum, so it leaves alone"),
    "merge_alone.channel_label": ("作业单 {work} 的面单由平台出，不能合单",
                                  "the channel supplies the label of work {work}: it leaves alone"),
    "merge_alone.border": ("作业单 {work} 要跨境报关，一单一报，不能合单",
                           "work {work} crosses a border, with a declaration of its own: it leaves alone"),
    "merge_differs.warehouse": ("作业单 {work} 与 {other} 不在同一个仓库，不能合单",
                                "works {work} and {other} are in two warehouses: they are not merged"),
    "merge_differs.shop": ("作业单 {work} 与 {other} 不是同一个店铺的，不能合单",
                           "works {work} and {other} are of two shops: they are not merged"),
    "merge_differs.country": ("作业单 {work} 与 {other} 的收货国家不同，不能合单",
                              "works {work} and {other} go to two countries: they are not merged"),
    "merge_differs.receiver": ("作业单 {work} 与 {other} 不能确认是同一个收货人、同一个地址，不能合单",
                               "that works {work} and {other} go to one receiver and place is not known: they are not "
                               "merged"),
    "merge_differs.service": ("作业单 {work} 与 {other} 选了不同的快递产品，不能合单",
                              "works {work} and {other} go by two services: they are not merged"),
    "merge_differs.carrier": ("作业单 {work} 与 {other} 选了不同的快递，不能合单",
                              "works {work} and {other} go by two carriers: they are not merged"),
    "merge_torn": ("作业单 {work} 的合单里还有不能一起拣的单；先让它可以拣，或拆开合单",
                   "others of the merge of {work} cannot be picked now: make them ready, or part them"),
    "split_all": ("作业单 {work} 的商品全都拆出去了，等于没拆；请少拆一些",
                  "all of work {work} would leave it: take fewer units"),
    "split_bundle": ("作业单 {work} 第 {line} 行 {sku} 是组合商品，不能把一套里的商品分到两个包裹；请按整套拆",
                     "line {line} of work {work}, {sku}, is a bundle: its parts stay together, split whole bundles"),
    "not_merged": ("作业单 {work} 没有合单", "work {work} is in no merge"),
}
