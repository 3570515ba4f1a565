/** Is the shop running, what must I do now: one sentence, then the proof, each number with the way to its rows. */
import { Button, Checkbox, Popover } from "antd";
import { SlidersHorizontal } from "lucide-react";
import type { Home as HomeAnswer } from "@/api/generated/schema";
import { MessageAccount } from "@/shared/message_account";
import { Failed } from "@/shared/states";
import { Show } from "@/shared/states/show";
import { whenExact } from "@/shared/when";
import { useMay, useMe } from "@/shell/me";
import { Page } from "@/shell/page";
import { home } from "@/words/home";
import { useLanguage, useWords } from "@/words/language";
import { CARDS, GUIDE_ASIDE, PREFERENCE, cardsFor, hiddenOf } from "./cards";
import type { Card } from "./cards";
import { CasesCard } from "./cases_card";
import { Guide } from "./guide";
import { Mine } from "./mine";
import { useGuide, useHome, usePrefer } from "./queries";
import { Route } from "./route";
import { Say } from "./say";
import { Shops } from "./shops";
import { Systems } from "./systems";
import "./home.css";

export default function Home() {
  const words = useWords(home);
  const { preferences, limits, missing_limits: missing } = useMe();
  const query = useHome();
  const isTheirs = useMay()("accounts:write") && missing.length === 0 && Object.keys(limits).length === 0; // its steps are about the whole hub
  const isAside = !isTheirs || preferences[GUIDE_ASIDE] === true;
  const guide = useGuide(!isAside);
  const shows = !isAside && guide.data !== undefined && !guide.data.is_through;
  return (
    <Page title={words.title} actions={<Choose />}>
      {shows ? <Guide guide={guide.data} isAll={!guide.data.steps[0]?.is_done && !guide.data.steps[4]?.is_done} /> : null}
      <Show query={query} rows={12}>{(found) => <Found found={found} />}</Show>
    </Page>
  );
}

function Found({ found }: { found: HomeAnswer }) {
  const language = useLanguage();
  const words = useWords(home);
  const { role, preferences } = useMe();
  return (
    <>
      {found.is_database_up ? null : <div className="alert warn" role="status">{words.databaseAway(whenExact(found.at, language))}</div>}
      <Say found={found} />
      <div className="home">
        {cardsFor(role, preferences).map((card) => <One key={card} card={card} found={found} />)}
      </div>
    </>
  );
}

function One({ card, found }: { card: Card; found: HomeAnswer }) {
  switch (card) {
    case "mine": return <Mine mine={found.mine} />;
    case "route": return found.route.length ? <Route stages={found.route} phases={found.phases} /> : null;
    case "account": return found.accounting ? <MessageAccount account={found.accounting} /> : null;
    case "shops": return <Shops shops={found.shops} />;
    case "cases": return <CasesCard cases={found.cases} />;
    case "systems": return <Systems systems={found.systems} />;
  }
}

/** Which cards this user sees, and the guide again when it was put aside. */
function Choose() {
  const words = useWords(home);
  const { preferences } = useMe();
  const prefer = usePrefer();
  const hidden = hiddenOf(preferences);
  const turn = (card: Card) => prefer.mutate({ [PREFERENCE]: hidden.includes(card) ? hidden.filter((one) => one !== card) : [...hidden, card] });
  const titles: Record<Card, string> = {
    mine: words.mine, route: words.route, account: words.account, shops: words.shops, cases: words.cases, systems: words.systems,
  };
  const chooser = (
    <div className="stack">
      {CARDS.map((card) => <Checkbox key={card} checked={!hidden.includes(card)} onChange={() => turn(card)}>{titles[card]}</Checkbox>)}
      {preferences[GUIDE_ASIDE] === true ? <Button size="small" onClick={() => prefer.mutate({ [GUIDE_ASIDE]: null })}>{words.showGuide}</Button> : null}
      {prefer.error ? <Failed error={prefer.error} /> : null}
    </div>
  );
  return (
    <Popover trigger="click" placement="bottomRight" title={words.chooseTitle} content={chooser}>
      <Button icon={<SlidersHorizontal aria-hidden="true" />}>{words.choose}</Button>
    </Popover>
  );
}
