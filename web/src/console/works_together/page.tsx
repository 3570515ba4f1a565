/** Works that could leave in one parcel: of one shop, for one receiver, from one warehouse, begun by nobody. */
import { useMemo } from "react";
import { Button } from "antd";
import { Link } from "@tanstack/react-router";
import type { TogetherGroup } from "@/api/generated/schema";
import { Empty, Failed } from "@/shared/states";
import { List } from "@/shared/table/list";
import { useTold } from "@/shared/told";
import { useMay } from "@/shell/me";
import { Page } from "@/shell/page";
import { useWords } from "@/words/language";
import { together } from "@/words/together";
import { card, columns } from "./columns";
import { keyOf, useMerge, useTogether } from "./queries";

export default function Together() {
  const words = useWords(together);
  const may = useMay();
  const tell = useTold();
  const query = useTogether();
  const merge = useMerge();
  const rows = query.data?.groups;
  const isMine = may("works:write");
  const { mutate, isPending } = merge;
  const drawn = useMemo(() => {
    const one = (group: TogetherGroup) => mutate([group], { onSuccess: () => tell.done(words.merged(1)), onError: tell.failed });
    return { act: isMine ? (group: TogetherGroup) => <Button size="small" disabled={isPending} onClick={() => one(group)}>{words.merge}</Button> : undefined };
  }, [isMine, isPending, mutate, tell, words]);
  const all = () => rows && mutate(rows, { onSuccess: (count) => tell.done(words.merged(count)), onError: tell.failed });
  const button = isMine && rows && rows.length > 1 ? <Button type="primary" loading={isPending} onClick={all}>{words.mergeAll(rows.length)}</Button> : null;
  return (
    <>
      <nav className="crumb"><Link to="/works">{words.back}</Link> / {words.title}</nav>
      <Page title={words.title} sub={words.sub} actions={button}>
        <section className="card">
          {query.error ? <Failed error={query.error} onRetry={() => void query.refetch()} since={rows ? query.dataUpdatedAt : undefined} /> : null}
          {query.error && !rows ? null : (
            <List
              label={words.title} columns={columns(words, drawn.act)} rows={rows} keyOf={keyOf} card={(row) => card(row, words, drawn.act)}
              empty={<Empty title={words.empty} text={words.emptyMeans} />} foot={query.data?.is_more ? <p className="dim">{words.more}</p> : null}
            />
          )}
        </section>
      </Page>
    </>
  );
}
