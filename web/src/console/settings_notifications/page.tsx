/** Notifications: who is told of what, where people are reached, and what became of each message. */
import { getRouteApi } from "@tanstack/react-router";
import { Show } from "@/shared/states/show";
import { useMay } from "@/shell/me";
import { SettingsPage } from "@/shell/settings";
import { useWords } from "@/words/language";
import { notifications } from "@/words/notifications";
import { settings } from "@/words/settings";
import { Log } from "./log";
import { People } from "./people";
import { useRules } from "./queries";
import { Rules } from "./rules";
import { TABS } from "./search";
import type { Search } from "./search";

const route = getRouteApi("/settings/notifications");

export default function Notifications() {
  const words = useWords(notifications);
  const title = useWords(settings).notifications;
  const here = route.useSearch();
  const navigate = route.useNavigate();
  const go = (change: Partial<Search>) => void navigate({ search: (before) => ({ ...before, ...change }) });
  const isKeeper = useMay()("accounts:write");
  const query = useRules();
  const tab = here.tab ?? "rules";
  return (
    <SettingsPage title={title}>
      <div className="views settings-tabs" role="tablist">
        {TABS.filter((one) => one !== "people" || isKeeper).map((one) => (
          <button key={one} type="button" role="tab" aria-selected={tab === one} className={tab === one ? "on" : ""} onClick={() => go({ tab: one, state: undefined, after: undefined })}>{words[one]}</button>
        ))}
      </div>
      <div className="col">
        {tab === "log" ? <Log found={query.data} here={here} go={go} /> : (
          <Show query={query}>{(found) => (tab === "people" && isKeeper ? <People found={found} /> : <Rules found={found} />)}</Show>
        )}
      </div>
    </SettingsPage>
  );
}
