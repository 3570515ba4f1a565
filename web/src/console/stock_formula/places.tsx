/** What holds at each shop, key by key, with who says it. */
import type { PlaceFormula } from "@/api/generated/schema";
import { count } from "@/shared/money";
import { formula } from "@/words/formula";
import { useWords } from "@/words/language";
import { KEYS } from "./rules";
import { Scrolls } from "@/shared/scrolls";

const LEVEL = { default: "default", channel: "channels", shop: "shops" } as const;

export function Places({ places, shareSum }: { places: readonly PlaceFormula[]; shareSum: number }) {
  const words = useWords(formula);
  if (places.length === 0) return <p className="dim">{words.noShops}</p>;
  return (
    <>
      {shareSum > 100 && places.length > 1 ? <p className="dim">{words.overlap(places.length, shareSum)}</p> : null}
      <Scrolls label={words.printed}>
        <table className="plain">
          <thead>
            <tr><th scope="col">{words.shop}</th><th scope="col">{words.channel}</th>{KEYS.map((key) => <th key={key} scope="col" className="num">{words[key]}</th>)}</tr>
          </thead>
          <tbody>{places.map((one) => <Row key={one.account} place={one} />)}</tbody>
        </table>
      </Scrolls>
    </>
  );
}

function Row({ place }: { place: PlaceFormula }) {
  const words = useWords(formula);
  return (
    <tr>
      <td className="mono">{place.account}</td><td>{place.channel}</td>
      {KEYS.map((key) => {
        const value = place[key];
        const level = LEVEL[place.said_by[key] as keyof typeof LEVEL];
        return <td key={key} className="num">{value === null ? <span className="dim">—</span> : count(value)} {level && level !== "default" ? <span className="dim">{words[level]}</span> : null}</td>;
      })}
    </tr>
  );
}
