/** The pages of stock side by side. */
import { Link, useLocation } from "@tanstack/react-router";
import { useWords } from "@/words/language";
import { shell } from "@/words/shell";
import { STOCK_PAGES } from "@/shell/nav";

export function StockParts() {
  const words = useWords(shell);
  const here = useLocation().pathname;
  return (
    <nav className="views stock-parts" aria-label={words.stock}>
      {STOCK_PAGES.map((one) => (
        <Link key={one.path} to={one.path} className={here === one.path ? "on" : ""} aria-current={here === one.path ? "page" : undefined} title={words[one.help]}>{words[one.word]}</Link>
      ))}
    </nav>
  );
}
