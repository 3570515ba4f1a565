/** The frame of the console: top bar, navigation, the page, and on a phone a bar at its foot. */
import { useState } from "react";
import { useIsFetching } from "@tanstack/react-query";
import { Link, Outlet, useLocation, useNavigate } from "@tanstack/react-router";
import { Button, Drawer } from "antd";
import { Ellipsis, PanelLeftClose, PanelLeftOpen, Search } from "lucide-react";
import { useNow } from "@/shared/clock";
import { useIsPhone } from "@/shared/phone";
import { whenExact } from "@/shared/when";
import { useLanguage, useWords } from "@/words/language";
import { shell } from "@/words/shell";
import { Account } from "./account";
import { habits, useHabit } from "./habits";
import { KeySheet } from "./key_sheet";
import { Jobs } from "./jobs";
import { useKeys } from "./keys";
import { useLive, useLiveConnection } from "./live";
import { useKeptHabits, useMe } from "./me";
import type { Entry } from "./nav";
import { PHONE_ENTRIES, entriesFor } from "./nav";
import { Palette } from "./palette";
import { SeeAsBanner } from "./see_as_banner";
import { UnlimitedBanner } from "./unlimited_banner";

const GO: Record<string, string> = {
  goOrders: "/orders", goCases: "/cases", goStock: "/stock", goDeliveries: "/deliveries", goMessages: "/messages", goInsight: "/insight", goHome: "/",
};

export function Layout() {
  const words = useWords(shell);
  const entries = entriesFor(useMe().scopes);
  const isPhone = useIsPhone();
  const isFolded = useHabit("nav") === "folded";
  const [open, setOpen] = useState<"" | "search" | "keys">("");
  const navigate = useNavigate();
  useLiveConnection();
  useKeptHabits();
  useKeys({
    search: () => setOpen("search"),
    help: () => setOpen("keys"),
    fold: () => habits.set("nav", isFolded ? "open" : "folded"),
    ...Object.fromEntries(Object.entries(GO).filter(([, path]) => entries.some((one) => one.path === path))
      .map(([name, path]) => [name, () => void navigate({ to: path })])),
  });
  return (
    <div className={`app ${isFolded ? "folded" : ""}`}>
      <a className="skip" href="#content">{words.skip}</a>
      <Top onSearch={() => setOpen("search")} />
      {isPhone ? null : <Nav entries={entries} isFolded={isFolded} onKeys={() => setOpen("keys")} />}
      <main id="content" className="page" tabIndex={-1}>
        <SeeAsBanner />
        <UnlimitedBanner />
        <Outlet />
      </main>
      {isPhone ? <Foot entries={entries} /> : null}
      {open === "search" ? <Palette onClose={() => setOpen("")} /> : null}
      {open === "keys" ? <KeySheet onClose={() => setOpen("")} /> : null}
    </div>
  );
}

function Top({ onSearch }: { onSearch: () => void }) {
  const words = useWords(shell);
  const isBusy = useIsFetching() > 0;
  const switchLanguage = () => habits.set("language", habits.get("language") === "zh" ? "en" : "zh");
  return (
    <header className="top">
      <Link to="/" className="logo" aria-label={words.product}>
        <img src="/icon.svg" alt="" />
        <span>{words.product}</span>
      </Link>
      <button type="button" className="find" onClick={onSearch}>
        <Search aria-hidden="true" />
        <span className="cut">{words.find}</span>
        <kbd className="only-wide">Ctrl K</kbd>
      </button>
      <span className="grow" />
      <Jobs />
      <LiveMark />
      <Button type="text" className="only-wide" title={words.languageTitle} onClick={switchLanguage}>{words.language}</Button>
      <Account />
      <div className={`busy ${isBusy ? "on" : ""}`} aria-hidden="true" />
    </header>
  );
}

/** Whether what is on screen is live, and of when it is. */
function LiveMark() {
  const words = useWords(shell);
  const language = useLanguage();
  const { isOn, heardAt } = useLive();
  const now = useNow("second");
  const isSilent = !isOn && now - heardAt > 60_000;
  const time = heardAt ? whenExact(new Date(heardAt), language) : "";
  const text = isOn ? words.live(time) : isSilent ? `${words.offline}${time ? ` · ${time}` : ""}` : words.reconnecting;
  return (
    <span className={`live ${isOn ? "" : "warn"}`} title={`${words.liveTitle} ${time}`} role="status">
      <span className="only-wide figure">{text}</span>
    </span>
  );
}

function Nav({ entries, isFolded, onKeys }: { entries: readonly Entry[]; isFolded: boolean; onKeys: () => void }) {
  const words = useWords(shell);
  const run = entries.filter((one) => one.group === "run");
  return (
    <nav className="nav" aria-label={words.nav}>
      {entries.filter((one) => one.group === "main").map((one) => <NavLink key={one.path} entry={one} isFolded={isFolded} />)}
      {run.length > 0 ? <h2 className="nav-group">{words.run}</h2> : null}
      {run.map((one) => <NavLink key={one.path} entry={one} isFolded={isFolded} />)}
      <div className="nav-foot">
        {isFolded ? null : (
          <button type="button" className="bare" onClick={onKeys}>{words.press} <kbd>?</kbd> {words.keysHint}</button>
        )}
        <button type="button" className="bare" aria-label={isFolded ? words.unfold : words.fold} onClick={() => habits.set("nav", isFolded ? "open" : "folded")}>
          {isFolded ? <PanelLeftOpen aria-hidden="true" /> : <PanelLeftClose aria-hidden="true" />}
        </button>
      </div>
    </nav>
  );
}

function NavLink({ entry, isFolded }: { entry: Entry; isFolded: boolean }) {
  const words = useWords(shell);
  const Icon = entry.icon;
  const within = entry.within ?? entry.path;
  const isOn = useLocation({ select: ({ pathname }) => pathname === within || pathname.startsWith(`${within}/`) });
  return (
    <Link to={entry.path} className={isOn ? "on" : ""} aria-current={isOn ? "page" : undefined} title={isFolded ? words[entry.word] : undefined}>
      <Icon aria-hidden="true" />
      <span className={isFolded ? "heard" : ""}>{words[entry.word]}</span>
    </Link>
  );
}

function Foot({ entries }: { entries: readonly Entry[] }) {
  const words = useWords(shell);
  const [isOpen, setOpen] = useState(false);
  return (
    <nav className="foot-nav" aria-label={words.nav}>
      {entries.slice(0, PHONE_ENTRIES).map((one) => <NavLink key={one.path} entry={one} isFolded={false} />)}
      {entries.length > PHONE_ENTRIES ? (
        <button type="button" onClick={() => setOpen(true)}>
          <Ellipsis aria-hidden="true" />
          <span>{words.more}</span>
        </button>
      ) : null}
      <Drawer open={isOpen} placement="bottom" size="auto" title={words.more} onClose={() => setOpen(false)}>
        <div className="foot-more">
          {entries.slice(PHONE_ENTRIES).map((one) => (
            <div key={one.path} role="none" onClick={() => setOpen(false)}><NavLink entry={one} isFolded={false} /></div>
          ))}
        </div>
      </Drawer>
    </nav>
  );
}
