/** The order's tags: shown beside its name, put on and taken off at once, each with a way back. */
import { useState } from "react";
import { Button, Select } from "antd";
import { Tag as TagIcon } from "lucide-react";
import type { OrderDetail } from "@/api/generated/schema";
import { Tags } from "@/shared/cells";
import { useTold } from "@/shared/told";
import { useUndo } from "@/shared/undo";
import { useKeys } from "@/shell/keys";
import { useMay } from "@/shell/me";
import { useWords } from "@/words/language";
import { order as bilingual } from "@/words/order";
import type { OrderWords } from "@/words/order";
import { useTagging, useTags } from "./queries";

export function OrderTags({ found }: { found: OrderDetail }) {
  const words = useWords(bilingual) as OrderWords;
  const told = useTold();
  const may = useMay();
  const undo = useUndo();
  const [isOpen, setOpen] = useState(false);
  const known = useTags(isOpen).data ?? [];
  const tagging = useTagging();
  const names = found.tags.map((one) => one.name);
  const mayTag = may("orders:note");
  useKeys({ tags: () => (mayTag ? setOpen(true) : undefined) });
  const apply = (add: string[], remove: string[]) => tagging.mutateAsync({ orders: [found.order.number], add, remove }).catch(told.failed);
  const become = (wanted: string[]) => {
    const add = wanted.map((one) => one.trim()).filter((one) => one && !names.includes(one));
    const remove = names.filter((one) => !wanted.includes(one));
    if (add.length + remove.length === 0) return;
    void apply(add, remove).then(() => undo(add.length > 0 ? words.tagged(add.join(" ")) : words.untagged(remove.join(" ")), () => void apply(remove, add)));
  };
  if (isOpen) {
    return (
      <Select
        mode="tags" autoFocus defaultOpen notFoundContent={null} className="order-tags" aria-label={words.tags} placeholder={words.tagHint} value={names} options={known.map((one) => ({ value: one.name, label: one.name }))}
        onChange={become} onBlur={() => setOpen(false)} onKeyDown={(event) => (event.key === "Escape" ? setOpen(false) : undefined)}
      />
    );
  }
  return (
    <>
      {found.tags.length > 0 ? <Tags tags={found.tags} /> : null}
      {mayTag ? <Button type="text" size="small" icon={<TagIcon aria-hidden="true" />} aria-label={words.tags} title={words.tags} onClick={() => setOpen(true)} /> : null}
    </>
  );
}
