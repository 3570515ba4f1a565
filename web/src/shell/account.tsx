/** The user's own menu: who is signed in, language, appearance, density, sign out. */
import { Dropdown } from "antd";
import type { MenuProps } from "antd";
import { Link } from "@tanstack/react-router";
import { api } from "@/api/client";
import { useLanguage, useWords } from "@/words/language";
import { settings } from "@/words/settings";
import { shell } from "@/words/shell";
import type { Habits } from "./habits";
import { habits, useHabit } from "./habits";
import { useMe } from "./me";

export function Account() {
  const words = useWords(shell);
  const language = useLanguage();
  const me = useMe();
  const mine = useWords(settings).account;
  const [theme, density, keys] = [useHabit("theme"), useHabit("density"), useHabit("keys")];
  const role = me.role_title[language];
  const items: MenuProps["items"] = [
    choice("theme", words.theme, theme, [["system", words.themeSystem], ["light", words.themeLight], ["dark", words.themeDark]]),
    choice("density", words.density, density, [["dense", words.dense], ["compact", words.compact], ["comfortable", words.comfortable]]),
    { key: "language", label: words.language, onClick: () => habits.set("language", language === "zh" ? "en" : "zh") },
    { key: "keys", label: `${keys === "on" ? "✓ " : ""}${words.keysOn}`, onClick: () => habits.set("keys", keys === "on" ? "off" : "on") },
    { type: "divider" },
    { key: "account", label: <Link to="/settings/account">{mine}</Link> },
    { key: "out", label: words.signOut, onClick: () => void api.DELETE("/api/v1/session").finally(() => window.location.assign("/sign-in")) },
  ];
  return (
    <Dropdown menu={{ items }} trigger={["click"]}>
      <button type="button" className="me">
        <i aria-hidden="true">{[...me.name][0]?.toUpperCase()}</i>
        <span>{me.name}{role ? ` · ${role}` : ""}</span>
      </button>
    </Dropdown>
  );
}

function choice<K extends keyof Habits>(key: K, label: string, now: Habits[K], options: readonly (readonly [Habits[K], string])[]) {
  return {
    key, label,
    children: options.map(([value, text]) => ({
      key: `${key}.${value}`, label: `${value === now ? "✓ " : ""}${text}`, onClick: () => habits.set(key, value),
    })),
  };
}
