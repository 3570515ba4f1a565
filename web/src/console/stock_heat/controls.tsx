/** What of the heat map is shown: time, order, group, shop, warehouse. */
import { Input, Segmented, Select } from "antd";
import { usePlaces } from "@/console/insight/queries";
import { useGroups } from "@/console/products/queries";
import { heat } from "@/words/heat";
import { useWords } from "@/words/language";
import type { Search } from "./search";

export function Controls({ here, onChange }: { here: Search; onChange: (change: Partial<Search>) => void }) {
  const words = useWords(heat);
  const places = usePlaces();
  const groups = useGroups().data?.groups ?? [];
  const choose = (key: "account" | "warehouse", codes: readonly string[]) => codes.length < 2 && !here[key] ? null : (
    <Select allowClear className="place" aria-label={words[key]} placeholder={words[key]} value={here[key] ?? null} options={codes.map((code) => ({ value: code, label: code }))} onChange={(value: string | undefined) => onChange({ [key]: value || undefined })} />
  );
  return (
    <div className="filters">
      <Segmented aria-label={words.by} value={here.by ?? "hour"} options={[{ value: "hour", label: words.hour }, { value: "day", label: words.day }]} onChange={(by) => onChange({ by: by === "day" ? "day" : undefined })} />
      <Segmented aria-label={words.order} value={here.order ?? "best"} options={[{ value: "best", label: words.best }, { value: "worst", label: words.worst }]} onChange={(order) => onChange({ order: order === "worst" ? "worst" : undefined })} />
      <Input.Search key={here.q ?? ""} defaultValue={here.q ?? ""} allowClear placeholder={words.find} aria-label={words.find} style={{ maxWidth: "16rem" }} onSearch={(q) => onChange({ q: q.trim() || undefined })} />
      {groups.length === 0 ? null : (
        <Select allowClear className="place" aria-label={words.group} placeholder={words.group} value={here.category ?? null} options={groups.map((one) => ({ value: one.id, label: one.name }))} onChange={(value: number | undefined) => onChange({ category: value })} />
      )}
      {choose("account", places.accounts)}
      {choose("warehouse", places.warehouses)}
    </div>
  );
}
