/** The pages of stock side by side. */
import "./stock.css";
import { useEffect, useRef } from "react";
import { Link, useLocation } from "@tanstack/react-router";
import { useWords } from "@/words/language";
import { shell } from "@/words/shell";
import { STOCK_PAGES } from "@/shell/nav";

export function StockParts() {
  const words = useWords(shell);
  const here = useLocation().pathname;
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    box.current?.querySelector(".on")?.scrollIntoView({ block: "nearest", inline: "center" }); // on a phone the row is wider than the screen
  }, [here]);
  return (
    <nav ref={box} className="views stock-parts" aria-label={words.stock}>
      {STOCK_PAGES.map((one) => (
        <Link key={one.path} to={one.path} className={here === one.path ? "on" : ""} aria-current={here === one.path ? "page" : undefined} title={words[one.help]}>{words[one.word]}</Link>
      ))}
    </nav>
  );
}
