/** What channels call a SKU, and how to tell another spelling: messages that wait for it go on. */
import { useState } from "react";
import { Button, Input, InputNumber } from "antd";
import { Link } from "@tanstack/react-router";
import type { GoodsView } from "@/api/generated/schema";
import { useMay } from "@/shell/me";
import { useWords } from "@/words/language";
import { products } from "@/words/products";
import { useTold } from "./told";
import { useAlias } from "./queries";

export function Aliases({ view }: { view: GoodsView }) {
  const words = useWords(products);
  return (
    <section className="card">
      <h2>{words.aliases}</h2>
      <div className="body stack">
        {view.aliases.length === 0 ? <p className="dim">{words.noAliases}</p> : null}
        {view.aliases.map((one) => (
          <p key={`${one.account} ${one.alias}`}><span className="mono">{one.alias}</span>{one.factor > 1 ? ` ×${one.factor}` : ""} <span className="dim">{one.account ?? words.every}</span></p>
        ))}
        {useMay()("skus:write") ? <Add code={view.code} /> : null}
        {view.used_in.length > 0 ? <><h3>{words.usedIn}</h3>{view.used_in.map((one) => <p key={one.sku}><Link to="/products/$sku" params={{ sku: one.sku }} className="mono">{one.sku}</Link> ×{one.quantity} {one.name}</p>)}</> : null}
      </div>
    </section>
  );
}

function Add({ code }: { code: string }) {
  const words = useWords(products);
  const [alias, setAlias] = useState("");
  const [account, setAccount] = useState("");
  const [factor, setFactor] = useState(1);
  const add = useAlias();
  const tell = useTold();
  const keep = () => add.mutate({ alias: alias.trim(), sku: code, account: account.trim() || null, factor, replace: false }, {
    onSuccess: (found) => { tell.done(words.aliasAdded(found.released), []); setAlias(""); }, onError: tell.failed,
  });
  return (
    <form className="stack" onSubmit={(event) => { event.preventDefault(); if (alias.trim()) keep(); }}>
      <Input value={alias} maxLength={200} placeholder={words.spelling} aria-label={words.spelling} onChange={(event) => setAlias(event.target.value)} />
      <span className="line">
        <Input value={account} maxLength={64} placeholder={words.shop} aria-label={words.shop} onChange={(event) => setAccount(event.target.value)} />
        <InputNumber<number> min={1} max={1_000_000} precision={0} value={factor} aria-label={words.factor} onChange={(value) => setFactor(value ?? 1)} />
      </span>
      <Button htmlType="submit" disabled={alias.trim() === ""} loading={add.isPending}>{words.addAlias}</Button>
    </form>
  );
}
