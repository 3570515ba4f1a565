/** From an empty hub to the first order in five steps; each is ticked by what is really there. */
import { Button } from "antd";
import { Check } from "lucide-react";
import { useRouter } from "@tanstack/react-router";
import type { Guide as GuideAnswer, GuideStep } from "@/api/generated/schema";
import { useOpens } from "@/shared/to";
import { home } from "@/words/home";
import { useWords } from "@/words/language";
import { GUIDE_ASIDE } from "./cards";
import { usePrefer } from "./queries";

type Name = GuideStep["name"];
/** The page that does a step, else the next best that the user has. */
const PAGES: Record<Name, readonly string[]> = {
  shop: ["/connections"], skus: ["/products", "/stock"], stock: ["/stock"], warehouse: ["/settings/warehouses", "/stock"], order: ["/orders/new", "/orders"],
};

export function Guide({ guide, isAll }: { guide: GuideAnswer; isAll: boolean }) {
  const words = useWords(home);
  const prefer = usePrefer();
  const next = guide.steps.find((step) => !step.is_done)?.name;
  return (
    <section className={`card guide ${isAll ? "whole" : ""}`} aria-labelledby="home-guide">
      <header>
        <h2 id="home-guide">{words.guide}</h2><small>{words.guideSub}</small>
        <span className="grow" />
        <Button type="text" size="small" loading={prefer.isPending} onClick={() => prefer.mutate({ [GUIDE_ASIDE]: true })}>{words.aside}</Button>
      </header>
      <ol className="steps">
        {guide.steps.map((step, index) => <Step key={step.name} step={step} place={index + 1} isNext={step.name === next} />)}
      </ol>
    </section>
  );
}

function Step({ step, place, isNext }: { step: GuideStep; place: number; isNext: boolean }) {
  const words = useWords(home);
  const router = useRouter();
  const opens = useOpens();
  const texts: Record<Name, [string, string]> = {
    shop: [words.gShop, words.gShopMeans], skus: [words.gSkus, words.gSkusMeans], stock: [words.gStock, words.gStockMeans],
    warehouse: [words.gWarehouse, words.gWarehouseMeans], order: [words.gOrder, words.gOrderMeans],
  };
  const [title, means] = texts[step.name];
  const href = PAGES[step.name].find(opens);
  return (
    <li className={step.is_done ? "done" : isNext ? "next" : ""} aria-current={isNext ? "step" : undefined}>
      <span className="mark" aria-hidden="true">{step.is_done ? <Check /> : place}</span>
      <div>
        <h3>{title}{step.is_done ? <span className="heard"> {words.done}</span> : null}</h3>
        <p className="dim">{means}</p>
        {href && !step.is_done ? <Button type={isNext ? "primary" : "default"} onClick={() => void router.navigate({ href })}>{words.doIt}</Button> : null}
      </div>
    </li>
  );
}
