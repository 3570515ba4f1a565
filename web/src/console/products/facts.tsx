/** What is kept of a SKU, for those who may not change it: what is empty is left out. */
import type { GoodsView } from "@/api/generated/schema";
import { Money } from "@/shared/cells";
import { useLanguage, useWords } from "@/words/language";
import { products } from "@/words/products";
import { pairsText } from "./draft";
import { useRules } from "./queries";

export function Facts({ view }: { view: GoodsView }) {
  const words = useWords(products);
  const language = useLanguage();
  const rules = useRules().data?.rules;
  const kinds = { goods: words.goods, service: words.service, virtual: words.virtual };
  const tracked = [view.has_lots ? words.lots : "", view.has_serials ? words.serials : ""].filter(Boolean);
  const parts: readonly (readonly [string, readonly (readonly [string, React.ReactNode])[]])[] = [
    [words.basics, [
      [words.name, view.name], [words.nameEn, view.name_en], [words.category, view.category], [words.kind, kinds[view.kind as "goods"] ?? view.kind],
      [words.goodsClass, rules?.classes?.[view.goods_class]?.[language] ?? view.goods_class], [words.barcodes, view.barcodes.map((one) => one.barcode).join(" ")],
    ]],
    [words.measures, [[words.weight, view.weight_g || ""], [words.size, view.size_mm.some(Boolean) ? view.size_mm.join("×") : ""]]],
    [words.many, [[words.unit, view.unit], [words.units, pairsText(view.units)], [words.components, pairsText(view.components)]]],
    [words.trade, [
      [words.tax, rules?.taxes?.[view.tax_class]?.[language] ?? view.tax_class], [words.hs, view.hs_code],
      [words.cost, view.is_cost_hidden ? words.costHidden : view.cost ? <Money key="cost" minor={view.cost.minor} currency={view.cost.currency} /> : ""],
    ]],
    [words.tracking, [[words.tracking, tracked.join(language === "zh" ? "、" : ", ")], [words.shelf, view.shelf_life_days || ""], [words.lowAt, view.low_at ?? ""]]],
  ];
  return (
    <div className="col">
      {parts.map(([title, rows]) => {
        const kept = rows.filter(([, value]) => value !== "");
        return kept.length === 0 ? null : (
          <section key={title} className="card">
            <h2>{title}</h2>
            <dl className="kv body">{kept.map(([name, value]) => [<dt key={`${name}-t`}>{name}</dt>, <dd key={`${name}-d`}>{value}</dd>])}</dl>
          </section>
        );
      })}
    </div>
  );
}
