/** The row of filters above a list: what to find, and one choice for each further question. */
import { Input, Select } from "antd";

interface Find {
  label: string;
  q: string | undefined;
  onFind: (q: string | undefined) => void;
}

interface Choice {
  label: string;
  /** Empty: any of them. */
  value: string;
  options: readonly { value: string; label: string }[];
  /** What "any of them" is called; none: one has to be chosen. */
  any?: string;
  onChange: (value: string | undefined) => void;
}

interface ListFiltersProps {
  finds: readonly Find[];
  choices?: readonly Choice[];
}

export function ListFilters({ finds, choices = [] }: ListFiltersProps) {
  return (
    <div className="filters">
      {finds.map((one) => (
        <Input.Search
          key={`${one.label} ${one.q ?? ""}`} defaultValue={one.q ?? ""} allowClear placeholder={one.label} aria-label={one.label} style={{ maxWidth: finds.length > 1 ? "14rem" : "20rem" }}
          maxLength={200} onSearch={(value) => one.onFind(value.trim() || undefined)}
        />
      ))}
      {choices.map((one) => (
        <Select
          key={one.label} value={one.value} aria-label={one.label} style={{ minWidth: "9rem" }} popupMatchSelectWidth={false}
          options={one.any === undefined ? [...one.options] : [{ value: "", label: one.any }, ...one.options]} onChange={(value) => one.onChange(value || undefined)}
        />
      ))}
    </div>
  );
}
