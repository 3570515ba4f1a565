/** Ctrl-K: one box to get anywhere. */
import { useState } from "react";
import { useRouter } from "@tanstack/react-router";
import { Input, Modal } from "antd";
import { ListChecks, Search } from "lucide-react";
import type { Hit } from "@/api/generated/schema";
import { useAwaited } from "@/shared/awaited";
import { joined, listIn, troubleOf } from "@/shared/numbers";
import { useWords } from "@/words/language";
import { shared } from "@/words/shared";
import { shell } from "@/words/shell";
import { useMe } from "./me";
import type { Entry } from "./nav";
import { entriesFor, innerFor } from "./nav";
import { addressOf, useFound } from "./search_found";

/** Of a pasted list; that it is longer is then still known. */
const PASTED_MAX = 1_000;
const KINDS = { order: "orders", waybill: "parcels", sku: "products", case: "cases" } as const;

export function Palette({ onClose }: { onClose: () => void }) {
  const words = useWords(shell);
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const wanted = text.trim().toLowerCase();
  const scopes = useMe().scopes;
  const pages = [...entriesFor(scopes), ...innerFor(scopes)];
  const list = pages.some((one) => one.path === "/orders") ? listIn(text) : undefined;
  const found = pages.filter((one) => words[one.word].toLowerCase().includes(wanted));
  const { hits, isAnswered } = useFound(list ? "" : text);
  const history = useRouter().history;
  const many = list && !troubleOf(list) ? [addressOfMany(list)] : [];
  const all = [...many, ...hits.map(addressOf), ...found.map((one) => one.path)];
  const open = (address: string) => {
    onClose();
    history.push(address);
  };
  const openChosen = () => all.slice(at, at + 1).forEach(open);
  const setAwaited = useAwaited(isAnswered, openChosen);
  const type = (typed: string) => {
    setText(typed);
    setAt(0);
    setAwaited(false);
  };
  const onKey = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      setAt((now) => Math.min(Math.max(now + step, 0), all.length - 1));
    }
    if (event.key !== "Enter") return;
    if (at > 0) openChosen(); // an entry that was gone to is meant as it is seen
    else setAwaited(true);
  };
  return (
    <Modal open footer={null} closable={false} onCancel={onClose} className="palette" title={<span className="heard">{words.kSearch}</span>}>
      <Input
        autoFocus size="large" variant="borderless" prefix={<Search aria-hidden="true" />} placeholder={words.find} aria-label={words.find}
        value={text} onKeyDown={onKey}
        onPaste={(event) => {
          const numbers = listIn(event.clipboardData.getData("text"));
          if (!numbers) return;
          event.preventDefault(); // the box has one line: it would glue the lines together
          type(numbers.slice(0, PASTED_MAX).join(", "));
        }}
        onChange={(event) => type(event.target.value)}
      />
      <ul className="palette-list" aria-label={words.pages}>
        {list ? <Many list={list} isOn={at === 0} onOpen={() => many.forEach(open)} /> : null}
        {hits.map((hit, index) => <HitEntry key={`${hit.kind} ${hit.ref}`} hit={hit} isOn={index + many.length === at} onOpen={() => open(addressOf(hit))} />)}
        {found.map((one, index) => <PageEntry key={one.path} entry={one} isOn={index + many.length + hits.length === at} onGo={() => open(one.path)} />)}
        {all.length === 0 && !list ? <li className="dim">{words.nothingFound}</li> : null}
      </ul>
    </Modal>
  );
}

function HitEntry({ hit, isOn, onOpen }: { hit: Hit; isOn: boolean; onOpen: () => void }) {
  const words = useWords(shell);
  return (
    <li>
      <button type="button" className={isOn ? "on" : ""} onClick={onOpen}>
        <span className="mono cut">{hit.title}</span> <span className="dim cut">{hit.about.join(" · ")}</span> <span className="dim">{words[KINDS[hit.kind]]}</span>
      </button>
    </li>
  );
}

function PageEntry({ entry, isOn, onGo }: { entry: Entry; isOn: boolean; onGo: () => void }) {
  const words = useWords(shell);
  return (
    <li>
      <button type="button" className={isOn ? "on" : ""} onClick={onGo}>
        <entry.icon aria-hidden="true" /> {words[entry.word]} <span className="dim">{words.pages}</span>
      </button>
    </li>
  );
}

/** One entry for a pasted list, or why it cannot be opened at once. */
function Many({ list, isOn, onOpen }: { list: readonly string[]; isOn: boolean; onOpen: () => void }) {
  const words = useWords(shell);
  const common = useWords(shared);
  const trouble = troubleOf(list);
  if (trouble) return <li role="alert" className="bad">{trouble === "many" ? common.numbersMany(list.length) : common.numbersLong}</li>;
  return (
    <li>
      <button type="button" className={isOn ? "on" : ""} onClick={onOpen}>
        <ListChecks aria-hidden="true" /> {words.openMany(list.length)} <span className="dim">{words.orders}</span>
      </button>
    </li>
  );
}

function addressOfMany(list: readonly string[]): string {
  return `/orders?${new URLSearchParams({ numbers: joined(list) }).toString()}`;
}
