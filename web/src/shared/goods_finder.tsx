/** A box in which goods are found by code or name, with what is free of them in each warehouse. */
import { useState } from "react";
import { AutoComplete } from "antd";
import { useQuery } from "@tanstack/react-query";
import { api, got } from "@/api/client";
import { useWords } from "@/words/language";
import { shared } from "@/words/shared";
import { useAwaited } from "./awaited";

export interface FoundGoods {
  sku: string;
  title: string;
  /** What is free, by warehouse; empty when nothing is. */
  free: string;
}
interface GoodsFinderProps {
  label: string;
  onFound: (goods: FoundGoods) => void;
  /** What is offered when nothing is found: the text as it was written. */
  asWritten?: (text: string) => string;
}

function useGoods(q: string) {
  return useQuery({
    queryKey: ["/api/v1/goods", q], enabled: q.trim() !== "",
    queryFn: () => got(api.GET("/api/v1/goods", { params: { query: { q: q.trim(), limit: 8 } } })),
  });
}

export function GoodsFinder({ label, onFound, asWritten }: GoodsFinderProps) {
  const words = useWords(shared);
  const [text, setText] = useState("");
  const [isOpen, setOpen] = useState(false);
  const goods = useGoods(text);
  const found = goods.data?.goods ?? [];
  const free = (one: (typeof found)[number]) => one.free.map((house) => `${house.warehouse} ${house.free}`).join("、");
  const choose = (code: string) => {
    const one = found.find((each) => each.code === code);
    onFound({ sku: code, title: one?.name ?? "", free: one ? free(one) : "" });
    setText("");
  };
  const known = found.map((one) => ({ value: one.code, label: <span className="line"><b className="mono">{one.code}</b><span className="cut">{one.name}</span><span className="grow" /><span className="dim">{free(one) || words.noneFree}</span></span> }));
  const isUnknown = asWritten !== undefined && goods.isSuccess && found.length === 0;
  const written = isUnknown ? [{ value: text.trim(), label: <span>{asWritten(text.trim())}</span> }] : known;
  const typed = text.trim().toLowerCase();
  const setAwaited = useAwaited(!goods.isLoading, () => {
    const exact = found.find((one) => one.code.toLowerCase() === typed);
    if (exact) choose(exact.code); else setOpen(true);
  });
  const onKey = (event: React.KeyboardEvent) => {
    if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
    event.preventDefault(); // it chooses goods, and never sends the form around it
    setAwaited(goods.isLoading);
  };
  const type = (now: string) => {
    setText(now);
    setAwaited(false);
  };
  return (
    // Nothing is offered of what was typed before: a scanner's Enter would take the goods of its last scan.
    <AutoComplete
      value={text} onChange={type} onSelect={choose} onInputKeyDown={onKey} open={isOpen} onOpenChange={setOpen} aria-label={label} placeholder={label}
      defaultActiveFirstOption options={typed && !goods.isLoading ? written : []} notFoundContent={typed && goods.isLoading ? <span className="soft">{words.loading}</span> : null}
    />
  );
}
