/** The frame of the settings: a page is one tab of them, shown to who may open it. */
import type { ReactNode } from "react";
import { Link } from "@tanstack/react-router";
import { useWords } from "@/words/language";
import { settings } from "@/words/settings";
import { useMay } from "./me";
import { Page } from "./page";

const TABS = [
  { path: "/settings/account", word: "account", scope: "" },
  { path: "/settings/users", word: "users", scope: "admin" },
  { path: "/settings/roles", word: "roles", scope: "admin" },
  { path: "/settings/tokens", word: "tokens", scope: "admin" },
  { path: "/settings/unmaskings", word: "unmaskings", scope: "admin" },
  { path: "/settings/erasures", word: "erasures", scope: "admin" },
] as const;

export function SettingsPage({ title, actions, children }: { title: string; actions?: ReactNode; children: ReactNode }) {
  const words = useWords(settings);
  const may = useMay();
  return (
    <Page title={title} actions={actions}>
      <nav className="views settings-tabs" aria-label={words.settings}>
        {TABS.filter((tab) => !tab.scope || may(tab.scope)).map((tab) => (
          <Link key={tab.path} to={tab.path} activeProps={{ className: "on" }}>{words[tab.word]}</Link>
        ))}
      </nav>
      {children}
    </Page>
  );
}
