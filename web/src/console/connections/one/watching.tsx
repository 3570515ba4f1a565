/** Watched only or live: what that means, and what becomes of what was seen when it changes. */
import { useState } from "react";
import { Button } from "antd";
import type { ConnectionView } from "@/api/generated/schema";
import { Tag } from "@/shared/cells";
import { useTold } from "@/shared/told";
import { useWords } from "@/words/language";
import { connections } from "@/words/connections";
import { shared } from "@/words/shared";
import { LiveChoice } from "../live_choice";
import type { Seen } from "../live_choice";
import { useLive, useWatch } from "../queries";

export function Watching({ view, mayWrite }: { view: ConnectionView; mayWrite: boolean }) {
  const words = useWords(connections);
  const common = useWords(shared);
  const told = useTold();
  const [seen, setSeen] = useState<Seen>();
  const { code, is_watching: isWatching } = view.account;
  const [watch, live] = [useWatch(code), useLive(code)];
  const goLive = (choice: Seen) => live.mutate(choice, {
    onError: told.failed,
    onSuccess: (done) => {
      setSeen(undefined);
      told.done(done.set_aside > 0 ? words.setAside(done.set_aside) : words.released(done.released));
    },
  });
  return (
    <section className="card pad stack">
      <h2>{words.watching} <Tag text={isWatching ? words.watching : words.live} tone={isWatching ? "held" : ""} /></h2>
      <p className="dim">{words.watchingMeans}</p>
      {seen === undefined ? null : <LiveChoice waiting={view.messages_parked} seen={seen} onChoose={setSeen} />}
      {mayWrite ? (
        <div className="do">
          {isWatching && seen === undefined ? <Button type="primary" onClick={() => setSeen("set_aside")}>{words.goLive}</Button> : null}
          {seen === undefined ? null : <Button type="primary" loading={live.isPending} onClick={() => goLive(seen)}>{words.goLive}</Button>}
          {seen === undefined ? null : <Button onClick={() => setSeen(undefined)}>{common.cancel}</Button>}
          {isWatching ? null : <Button loading={watch.isPending} onClick={() => watch.mutate(undefined, { onError: told.failed, onSuccess: () => told.done(words.nowWatching) })}>{words.watch}</Button>}
        </div>
      ) : null}
    </section>
  );
}
