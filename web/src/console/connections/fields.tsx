/** The form that a connector declares, drawn: credentials that never come back, settings by their type. */
import type { ReactNode } from "react";
import { Input, InputNumber, Select, Switch } from "antd";
import type { Field, Setting } from "@/api/generated/schema";
import { useLanguage, useWords } from "@/words/language";
import { connections } from "@/words/connections";

export function Labelled({ label, help, children }: { label: string; help?: ReactNode; children: ReactNode }) {
  return (
    <label className="field">
      <span className="label">{label}</span>
      {children}
      {help ? <span className="help">{help}</span> : null}
    </label>
  );
}

interface CredentialsProps {
  fields: readonly Field[];
  filled: readonly string[];
  values: Record<string, string>;
  onChange: (name: string, value: string) => void;
}

export function Credentials({ fields, filled, values, onChange }: CredentialsProps) {
  const words = useWords(connections);
  const language = useLanguage();
  // What the platform grants comes last: it may be typed in, and mostly is filled in by authorising.
  return fields.toSorted((a, b) => Number(a.is_token) - Number(b.is_token)).map((one) => {
    const props = {
      value: values[one.name] ?? "", autoComplete: "off", placeholder: filled.includes(one.name) ? words.secretKept : "",
      onChange: (event: { target: { value: string } }) => onChange(one.name, event.target.value),
    };
    const label = one.is_optional && !one.title[language].includes(words.emptyWord) ? `${one.title[language]}（${words.optional}）` : one.title[language];
    return (
      <Labelled key={one.name} label={label} help={one.help?.[language] ?? (one.is_token ? words.tokenHelp : undefined)}>
        {one.is_secret ? <Input.Password {...props} autoComplete="new-password" /> : <Input {...props} />}
      </Labelled>
    );
  });
}

interface SettingsProps {
  settings: Record<string, Setting>;
  values: Record<string, unknown>;
  mayFolders: boolean;
  onChange: (name: string, value: unknown) => void;
}

export function Settings({ settings, values, mayFolders, onChange }: SettingsProps) {
  const language = useLanguage();
  return Object.entries(settings).map(([name, one]) => (
    <Labelled key={name} label={one.title[language]}>
      <Value name={name} setting={one} value={values[name] ?? one.default} isOff={one.is_folder && !mayFolders} onChange={(value) => onChange(name, value)} />
    </Labelled>
  ));
}

interface ValueProps {
  name: string;
  setting: Setting;
  value: unknown;
  isOff: boolean;
  onChange: (value: unknown) => void;
}

function Value({ name, setting, value, isOff, onChange }: ValueProps) {
  if (setting.choices.length > 0 && !Array.isArray(setting.default)) {
    return <Select value={value as string} disabled={isOff} onChange={onChange} options={setting.choices.map((one) => ({ value: one as string, label: String(one) }))} />;
  }
  if (typeof setting.default === "boolean") return <Switch checked={value === true} disabled={isOff} onChange={onChange} aria-label={name} />;
  if (typeof setting.default === "number") {
    return <InputNumber value={value as number} min={0} disabled={isOff} onChange={(next) => onChange(next ?? setting.default)} />;
  }
  const isShape = typeof setting.default === "object" && setting.default !== null;
  return <Input value={isShape ? written(value) : String(value ?? "")} disabled={isOff} onChange={(event) => onChange(event.target.value)} />;
}

/** A table or list as a person writes it: `yours=ours;yours=ours`, `a,b`. */
export function written(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.join(",");
  const pairs = Object.entries((value ?? {}) as Record<string, unknown>);
  return pairs.every(([, one]) => typeof one !== "object") ? pairs.map(([key, one]) => `${key}=${String(one)}`).join(";") : JSON.stringify(value);
}
