/** The row of filters above a list: what to find, and one choice for each further question. */
import { Input, Select } from "antd";

export interface Choice {
  label: string;
  /** Empty: any of them. */
  value: string;
  options: { value: string; label: string }[];
  /** What "any of them" is called; none: one has to be chosen. */
  any?: string;
  onChange: (value: string | undefined) => void;
}

interface ListFiltersProps {
  find: string;
  q: string | undefined;
  onFind: (q: string | undefined) => void;
  choices?: readonly Choice[];
}

export function ListFilters({ find, q, onFind, choices = [] }: ListFiltersProps) {
  return (
    <div className="filters">
      <Input.Search
        key={q ?? ""} defaultValue={q ?? ""} allowClear placeholder={find} aria-label={find} style={{ maxWidth: "20rem" }}
        onSearch={(value) => onFind(value.trim() || undefined)}
      />
      {choices.map((one) => (
        <Select
          key={one.label} value={one.value} aria-label={one.label} style={{ minWidth: "9rem" }} popupMatchSelectWidth={false}
          options={one.any === undefined ? one.options : [{ value: "", label: one.any }, ...one.options]} onChange={(value) => one.onChange(value || undefined)}
        />
      ))}
    </div>
  );
}
