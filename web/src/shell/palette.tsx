/** Ctrl-K: one box to get anywhere. */
import { useState } from "react";
import { useNavigate, useRouter } from "@tanstack/react-router";
import { Input, Modal } from "antd";
import { Search } from "lucide-react";
import { useWords } from "@/words/language";
import { shell } from "@/words/shell";
import { useMe } from "./me";
import { entriesFor } from "./nav";
import { addressOf, useFound } from "./search_found";

const KINDS = { order: "orders", waybill: "parcels", sku: "products", case: "cases" } as const;

export function Palette({ onClose }: { onClose: () => void }) {
  const words = useWords(shell);
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const wanted = text.trim().toLowerCase();
  const found = entriesFor(useMe().scopes).filter((one) => words[one.word].toLowerCase().includes(wanted));
  const go = (path: string) => {
    onClose();
    void navigate({ to: path });
  };
  const hits = useFound(text);
  const history = useRouter().history;
  const all = [...hits.map(addressOf), ...found.map((one) => one.path)];
  const open = (address: string) => {
    onClose();
    history.push(address);
  };
  const onKey = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      setAt((now) => Math.min(Math.max(now + step, 0), all.length - 1));
    }
    const chosen = all[at];
    if (event.key === "Enter" && chosen) open(chosen);
  };
  return (
    <Modal open footer={null} closable={false} onCancel={onClose} className="palette" title={<span className="heard">{words.kSearch}</span>}>
      <Input
        autoFocus size="large" variant="borderless" prefix={<Search aria-hidden="true" />} placeholder={words.find} aria-label={words.find}
        value={text} onKeyDown={onKey}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
      />
      <ul className="palette-list" aria-label={words.pages}>
        {hits.map((hit, index) => (
          <li key={`${hit.kind} ${hit.ref}`}>
            <button type="button" className={index === at ? "on" : ""} onClick={() => open(addressOf(hit))}>
              <span className="mono cut">{hit.title}</span> <span className="dim cut">{hit.about.join(" · ")}</span> <span className="dim">{words[KINDS[hit.kind]]}</span>
            </button>
          </li>
        ))}
        {found.map((one, index) => (
          <li key={one.path}>
            <button type="button" className={index + hits.length === at ? "on" : ""} onClick={() => go(one.path)}>
              <one.icon aria-hidden="true" /> {words[one.word]} <span className="dim">{words.pages}</span>
            </button>
          </li>
        ))}
        {all.length === 0 ? <li className="dim">{words.nothingFound}</li> : null}
      </ul>
    </Modal>
  );
}
