/** The entries of the navigation: an entry shows when its page exists and the user may read what it shows. */
import type { LucideIcon } from "lucide-react";
import { ChartColumn, House, Mail, Package, PackageCheck, Plug, Receipt, Send, Settings, ShoppingCart, Tags, TriangleAlert, Workflow } from "lucide-react";

type Word = StockWord | "home" | "orders" | "cases" | "stock" | "products" | "works" | "messages" | "deliveries" | "connections" | "lifecycle" | "insight" | "settings" | "purchasing" | "vmi";

export interface Entry {
  path: string;
  /** What the addresses of all its pages begin with, where that is not its own path. */
  within?: string;
  word: Word;
  icon: LucideIcon;
  group: "main" | "run";
  /** Any of these scopes opens the page; none: everybody. */
  scopes: readonly string[];
  /** Who has this scope sees the same elsewhere. */
  unless?: string;
  /** Its counter's name in the answer of `/counts`. */
  counter?: string;
}

export const ENTRIES: readonly Entry[] = [
  { path: "/", word: "home", icon: House, group: "main", scopes: ["orders:read"] },
  { path: "/orders", word: "orders", icon: Receipt, group: "main", scopes: ["orders:read"] },
  { path: "/cases", word: "cases", icon: TriangleAlert, group: "main", scopes: ["cases:read"], counter: "cases" },
  { path: "/works", word: "works", icon: PackageCheck, group: "main", scopes: ["works:read"] },
  { path: "/stock", word: "stock", icon: Package, group: "main", scopes: ["stock:read"] },
  { path: "/purchasing", word: "purchasing", icon: ShoppingCart, group: "main", scopes: ["purchasing:read"] },
  { path: "/purchasing/vmi", word: "vmi", icon: ShoppingCart, group: "main", scopes: ["vmi:read"], unless: "purchasing:read" },
  { path: "/products", word: "products", icon: Tags, group: "main", scopes: ["skus:read"] },
  { path: "/insight", word: "insight", icon: ChartColumn, group: "main", scopes: ["orders:read"] },
  { path: "/lifecycle", word: "lifecycle", icon: Workflow, group: "run", scopes: ["orders:read"] },
  { path: "/messages", word: "messages", icon: Mail, group: "run", scopes: ["messages:read"] },
  { path: "/deliveries", word: "deliveries", icon: Send, group: "run", scopes: ["orders:read"] },
  { path: "/connections", word: "connections", icon: Plug, group: "run", scopes: ["accounts:read"] },
  { path: "/settings/account", within: "/settings", word: "settings", icon: Settings, group: "run", scopes: [] },
];

type StockWord = "stockBoard" | "documents" | "quotas" | "snapshots" | "leaks" | "formula" | "heat";
interface StockEntry {
  path: "/stock" | "/stock/documents" | "/stock/quotas" | "/stock/snapshots" | "/stock/leaks" | "/stock-formula" | "/stock-heat";
  word: StockWord;
  help: "stockHelp" | "documentsHelp" | "quotasHelp" | "snapshotsHelp" | "leaksHelp" | "formulaHelp" | "heatHelp";
}

/** The pages of stock, side by side above each of them; whoever sees stock sees them all. */
export const STOCK_PAGES: readonly StockEntry[] = [
  { path: "/stock", word: "stockBoard", help: "stockHelp" },
  { path: "/stock/documents", word: "documents", help: "documentsHelp" },
  { path: "/stock/quotas", word: "quotas", help: "quotasHelp" },
  { path: "/stock/snapshots", word: "snapshots", help: "snapshotsHelp" },
  { path: "/stock/leaks", word: "leaks", help: "leaksHelp" },
  { path: "/stock-formula", word: "formula", help: "formulaHelp" },
  { path: "/stock-heat", word: "heat", help: "heatHelp" },
];

/** Pages that the navigation has no room for; the search finds them by their name. */
export function innerFor(scopes: readonly string[]): readonly Entry[] {
  const seesStock = entriesFor(scopes).some((one) => one.path === "/stock");
  return seesStock ? STOCK_PAGES.slice(1).map((one) => ({ path: one.path, word: one.word, icon: Package, group: "main" as const, scopes: [] })) : [];
}

/** What a user sees of the navigation. `admin` opens everything. */
export function entriesFor(scopes: readonly string[]): readonly Entry[] {
  const has = new Set(scopes);
  const may = (scope: string) => has.has("admin") || has.has(scope);
  return ENTRIES.filter((one) => (one.scopes.length === 0 || one.scopes.some(may)) && !(one.unless && may(one.unless)));
}

/** How many entries the bar at the foot of a phone shows before those behind "more". */
export const PHONE_ENTRIES = 4;
