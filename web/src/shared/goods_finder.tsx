/** A box in which goods are found by code or name, with what is free of them in each warehouse. */
import { useState } from "react";
import { AutoComplete } from "antd";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, got } from "@/api/client";
import { useWords } from "@/words/language";
import { shared } from "@/words/shared";

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
    queryKey: ["/api/v1/goods", q], enabled: q.trim() !== "", placeholderData: keepPreviousData,
    queryFn: () => got(api.GET("/api/v1/goods", { params: { query: { q: q.trim(), limit: 8 } } })),
  });
}

export function GoodsFinder({ label, onFound, asWritten }: GoodsFinderProps) {
  const words = useWords(shared);
  const [text, setText] = useState("");
  const goods = useGoods(text);
  const found = goods.data?.goods ?? [];
  const free = (one: (typeof found)[number]) => one.free.map((house) => `${house.warehouse} ${house.free}`).join("、");
  const choose = (code: string) => {
    const one = found.find((each) => each.code === code);
    onFound({ sku: code, title: one?.name ?? "", free: one ? free(one) : "" });
    setText("");
  };
  const known = found.map((one) => ({ value: one.code, label: <span className="line"><b className="mono">{one.code}</b><span className="cut">{one.name}</span><span className="grow" /><span className="dim">{free(one) || words.noneFree}</span></span> }));
  const isUnknown = asWritten !== undefined && goods.isSuccess && !goods.isPlaceholderData && found.length === 0;
  const written = isUnknown ? [{ value: text.trim(), label: <span>{asWritten(text.trim())}</span> }] : known;
  return <AutoComplete value={text} onChange={setText} onSelect={choose} aria-label={label} placeholder={label} defaultActiveFirstOption options={text.trim() ? written : []} />;
}
