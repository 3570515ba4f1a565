"""What the floor's refusals are called, each with its status: of places, waves, merges and goods that are
received."""

from __future__ import annotations

from collections.abc import Mapping

FLOOR_TITLES: Mapping[str, tuple[int, str, str]] = {
    "not_a_floor": (409, "仓库现场不由本系统管理", "The warehouse is not run here"),
    "house_has_system": (409, "仓库有自己的仓储系统", "The warehouse has a system of its own"),
    "floor_in_use": (409, "库位上还有货", "Goods still lie on its places"),
    "no_such_place": (404, "没有这个库位", "There is no such place"),
    "place_twice": (409, "一个库位写了两行", "A place stands there twice"),
    "not_a_dock": (409, "这个库位不能收货", "Goods do not come in there"),
    "place_closed": (409, "库位已关闭", "The place is closed"),
    "place_full": (409, "库位放不下", "The place is full"),
    "no_such_wave": (404, "没有这个波次", "There is no such wave"),
    "wave_state": (409, "波次的状态不允许", "The wave's state does not allow it"),
    "nothing_to_wave": (409, "没有可以拣的作业单", "No work can be picked"),
    "work_not_ready": (409, "作业单不能进波次", "A work cannot join the wave"),
    "device_not_proven": (401, "设备没有登记，或签名不对", "The device is not known, or its signature is wrong"),
    "wrong_reading": (422, "读数不对", "The reading is wrong"),
    "not_on_shelves": (409, "货架上不够", "Shelves lack something"),
    "merge_too_few": (409, "合单至少两张", "A merge is of two works at least"),
    "merge_too_much": (409, "一个包裹放不下", "That is more than one parcel takes"),
    "merge_sealed": (409, "已经开始，不能再合单或拆开", "Somebody has begun with the work"),
    "merge_alone": (409, "这张作业单只能单独发", "The work leaves alone"),
    "merge_differs": (409, "两张作业单不能合并", "The works differ"),
    "merge_torn": (409, "合单不能拆开拣", "A merge is picked whole"),
    "split_all": (409, "全都拆出去了", "Nothing would stay"),
    "split_bundle": (409, "组合商品不能拆散", "A bundle is not torn"),
    "not_merged": (409, "没有合单", "The work is in no merge"),
}
"""Code → status and titles."""
