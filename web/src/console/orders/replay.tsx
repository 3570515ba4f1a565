/** The chosen orders through the mapping again: what that would change, then what became of each. */
import { useState } from "react";
import { Button, Drawer } from "antd";
import type { OrdersChosen } from "@/api/generated/schema";
import { JobProgress } from "@/shared/job_progress";
import { ReplayAhead } from "@/shared/replay_ahead";
import { Show } from "@/shared/states/show";
import { useTitles } from "@/shared/titles";
import { To } from "@/shared/to";
import { useTold } from "@/shared/told";
import { useWords } from "@/words/language";
import { orders } from "@/words/orders";
import { useAheadAgain, useOld, useReplay } from "./queries";

export function ReplayDrawer({ chosen, onClose, onDone }: { chosen: OrdersChosen; onClose: () => void; onDone: () => void }) {
  const words = useWords(orders);
  const title = useTitles();
  const told = useTold();
  const [asked] = useState(chosen);
  const [job, setJob] = useState<string>();
  const old = useOld("/api/v1/orders");
  const ahead = useAheadAgain(asked);
  const replay = useReplay();
  const begin = () => replay.mutate(asked, {
    onSuccess: (begun) => { setJob(begun.job); onDone(); },
    onError: told.failed,
  });
  return (
    <Drawer open mask={false} size={640} title={words.replay} onClose={onClose}>
      {job ? (
        <JobProgress
          id={job} running={words.replayRuns} done={words.replayDone} onOver={() => void old()}
          renderRow={(row) => <><To href={`/orders/${row.ref}`} className="mono">{row.ref}</To> <span className={row.result === "refused" ? "warn" : "dim"}>{row.result === "done" ? words.replayChanged : row.result === "refused" ? words.replayWaits(title("cases", row.code)) : row.code ? words.replayNone : words.unchanged}</span></>}
        />
      ) : (
        <Show query={ahead} rows={4}>{(found) => (
          <div className="stack">
            <p className="soft">{words.replayMeans}</p>
            <h3>{words.ahead}</h3>
            {found.looked_at < found.orders ? <p className="dim">{words.allRows(found.orders)} · {words.replayFirst(found.looked_at)}</p> : null}
            <ReplayAhead found={found.preview} asked={found.preview.messages} />
            <div className="do"><Button type="primary" loading={replay.isPending} onClick={begin}>{words.doReplay(words.count(found.orders))}</Button></div>
          </div>
        )}</Show>
      )}
    </Drawer>
  );
}
