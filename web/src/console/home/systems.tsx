/** The systems that are most behind, and in which way. */
import type { SlowSystem } from "@/api/generated/schema";
import { ChannelTile, Tag } from "@/shared/cells";
import { count } from "@/shared/money";
import { To } from "@/shared/to";
import { address } from "@/shared/address";
import { home } from "@/words/home";
import { oneLanguage, useLanguage, useWords } from "@/words/language";
import { shared } from "@/words/shared";

export function Systems({ systems }: { systems: readonly SlowSystem[] }) {
  const words = useWords(home);
  return (
    <section className="card" aria-labelledby="home-systems">
      <h2 id="home-systems">{words.systems} <small>{words.systemsSub}</small></h2>
      <div className="body">
        {systems.length === 0 ? <p className="dim">{words.systemsEmpty}</p> : <ul className="systems">{systems.map((one) => <One key={one.account} one={one} />)}</ul>}
      </div>
    </section>
  );
}

function One({ one }: { one: SlowSystem }) {
  const words = useWords(home);
  const time = useWords(shared);
  const language = useLanguage();
  const [tone, text] = one.is_well === null ? ["", words.untested] as const : one.is_well ? ["", words.well] as const : ["bad", words.ill] as const;
  return (
    <li>
      <span className="line">
        <ChannelTile channel={one.connector} />
        <To href={`/connections/${one.account}`} className="cut"><b>{one.account}</b></To>
        <span className="grow" />
        <Tag text={text} tone={tone} title={oneLanguage(one.health, language)} />
      </span>
      {one.is_well === false && one.health ? <p className="bad cut" title={oneLanguage(one.health, language)}>{oneLanguage(one.health, language)}</p> : null}
      <p className="dim">
        {one.silent_seconds === null ? null : <span>{words.silent(time.lasted(one.silent_seconds))}</span>}
        {one.failed ? <span className="warn">{words.failedN(count(one.failed))}</span> : null}
        {one.waiting ? <To href={address("/deliveries", { state: "due", account: one.account })}>{words.behind(count(one.waiting), time.lasted(one.waiting_seconds))}</To> : null}
        {one.parked ? <To href={address("/deliveries", { state: "parked", account: one.account })} className="warn">{words.parkedN(count(one.parked))}</To> : null}
      </p>
    </li>
  );
}
