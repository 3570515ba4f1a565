/** The frame of the settings: a page is one tab of them, shown to who may open it. */
import type { ReactNode } from "react";
import { useEffect, useRef } from "react";
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
  { path: "/settings/webhooks", word: "webhooks", scope: "accounts:read" },
  { path: "/settings/warehouses", word: "warehouses", scope: "skus:read" },
  { path: "/settings/carriers", word: "carriers", scope: "accounts:read" },
  { path: "/settings/notifications", word: "notifications", scope: "cases:read" },
  { path: "/settings/sourcing", word: "sourcing", scope: "orders:read" },
  { path: "/settings/rules", word: "rules", scope: "orders:read" },
  { path: "/settings/unmaskings", word: "unmaskings", scope: "admin" },
  { path: "/settings/erasures", word: "erasures", scope: "admin" },
  { path: "/settings/audit", word: "audit", scope: "admin" },
  { path: "/settings/backup", word: "backup", scope: "admin" },
] as const;

export function SettingsPage({ title, actions, children }: { title: string; actions?: ReactNode; children: ReactNode }) {
  const words = useWords(settings);
  const may = useMay();
  const tabs = useRef<HTMLElement>(null);
  useEffect(() => tabs.current?.querySelector(".on")?.scrollIntoView({ block: "nearest", inline: "center" }), [title]);
  return (
    <Page title={title} actions={actions}>
      <nav ref={tabs} className="views settings-tabs" aria-label={words.settings}>
        {TABS.filter((tab) => !tab.scope || may(tab.scope)).map((tab) => (
          <Link key={tab.path} to={tab.path} activeProps={{ className: "on" }}>{words[tab.word]}</Link>
        ))}
      </nav>
      {children}
    </Page>
  );
}
