/** All truth of one order: where it is, whether it is late, what can be done, who said what. */
import { useEffect, useState } from "react";
import { getRouteApi } from "@tanstack/react-router";
import { Button } from "antd";
import type { OrderDetail } from "@/api/generated/schema";
import { actor, happened } from "@/shared/happened";
import { Failed, Loading } from "@/shared/states";
import { useTitles } from "@/shared/titles";
import { useKeys } from "@/shell/keys";
import { useTabTitle } from "@/shell/page";
import { useLanguage, useWords } from "@/words/language";
import { order as bilingual } from "@/words/order";
import type { OrderWords } from "@/words/order";
import { ActDrawer } from "./act";
import { named, sentence } from "./facts";
import { Goods } from "./goods";
import { Head } from "./head";
import { Matrix } from "./matrix";
import { Past } from "./past";
import { useNeighbours, useOrder } from "./queries";
import type { Act, Search, Verb } from "./search";
import { Side } from "./side";
import { Voucher } from "./voucher";
import "./order.css";

const route = getRouteApi("/orders/$number");
/** What somebody did, rather than what came of it. */
const DEEDS = new Set(["order_amended", "receiver_changed", "hold_placed", "hold_released", "order_cancelled"]);
const SECTIONS = ["milestones", "goods", "past", "receiver", "vouchers"] as const;

export default function OrderPage() {
  const { number } = route.useParams();
  const query = useOrder(number);
  useTabTitle(number);
  if (!query.data) return query.error ? <Failed error={query.error} onRetry={() => void query.refetch()} /> : <Loading rows={12} />;
  return (
    <>
      {query.error ? <Failed error={query.error} onRetry={() => void query.refetch()} since={query.dataUpdatedAt} /> : null}
      <One key={number} found={query.data} />
    </>
  );
}

function One({ found }: { found: OrderDetail }) {
  const here = route.useSearch();
  const navigate = route.useNavigate();
  const go = (change: Partial<Search>) => void navigate({ search: (before: Search) => ({ ...before, ...change }), replace: true });
  const act = (verb: Verb) => (verb === "correct" ? void navigate({ to: "/orders/$number/correct", params: { number: found.order.number } }) : go({ act: verb }));
  useOrderKeys(found, act);
  useAnchor();
  return (
    <>
      <Head found={found} onAct={act} place={<Place number={found.order.number} />} />
      {here.tab === "voucher" ? (
        <>
          <Back onBack={() => go({ tab: undefined, message: undefined })} />
          <Voucher found={found} message={here.message} onChoose={(message) => go({ message })} />
        </>
      ) : (
        <div className="two">
          <div className="col">
            <Matrix found={found} />
            <Goods found={found} />
            <Past found={found} shown={here.past} onShow={(past) => go({ past })} />
          </div>
          <Side found={found} />
        </div>
      )}
      {here.act ? <Editing key={here.act} found={found} verb={here.act} onClose={() => go({ act: undefined })} /> : null}
    </>
  );
}

/** The order as it was when the form was opened: what others do meanwhile is told in a bar, and takes nothing away. */
function Editing({ found, verb, onClose }: { found: OrderDetail; verb: Act; onClose: () => void }) {
  const words = useWords(bilingual) as OrderWords;
  const language = useLanguage();
  const [opened, setOpened] = useState(found);
  const fresh = found.events.filter((one) => one.seq > opened.order.event_count);
  const last = fresh.findLast((one) => DEEDS.has(one.kind)) ?? fresh.at(-1);
  const news = last ? (
    <div className="order-news" role="status">
      {words.lookAgain(actor(last.actor, words), happened(last, named(found, language), words))} <Button size="small" type="link" onClick={() => setOpened(found)}>{words.see}</Button>
    </div>
  ) : null;
  return <ActDrawer found={opened} now={found} verb={verb} onClose={onClose} news={news} />;
}

function Back({ onBack }: { onBack: () => void }) {
  const words = useWords(bilingual) as OrderWords;
  return <p><button type="button" className="bare order-link" onClick={onBack}>← {words.backToOrder}</button></p>;
}

function Place({ number }: { number: string }) {
  const words = useWords(bilingual) as OrderWords;
  const around = useNeighbours(number);
  if (!around) return null;
  return <span className="only-wide line">{words.place(around.place, around.of)} <kbd>K</kbd> {words.previous} <kbd>J</kbd> {words.next}</span>;
}

function useOrderKeys(found: OrderDetail, act: (verb: Act) => void): void {
  const navigate = route.useNavigate();
  const words = useWords(bilingual) as OrderWords;
  const language = useLanguage();
  const name = useTitles();
  const { number } = found.order;
  const around = useNeighbours(number);
  const open = (other: string | undefined) => {
    if (other) void navigate({ to: "/orders/$number" as never, params: { number: other } as never });
  };
  const says = () => (found.explained?.say ?? []).map((one) => sentence(one, found, words, language, (code) => name("carriers", code))).join(" ");
  const offer = (verb: Act) => {
    if (found.offers.some((one) => one.verb === verb && one.is_allowed)) act(verb);
  };
  useKeys({
    nextOrder: () => open(around?.after), previousOrder: () => open(around?.before), hold: () => offer("hold"), address: () => offer("receiver"),
    copy: () => void navigator.clipboard.writeText(number), copySummary: () => void navigator.clipboard.writeText(`${number} ${says()}`),
    section: (event) => document.getElementById(SECTIONS[Number(event.key) - 1] ?? "")?.scrollIntoView({ block: "start" }),
  });
}

/** Go to the place that the address names once it is drawn. */
function useAnchor(): void {
  useEffect(() => {
    if (window.location.hash) document.getElementById(window.location.hash.slice(1))?.scrollIntoView({ block: "center" });
  }, []);
}
