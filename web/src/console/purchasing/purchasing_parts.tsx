/** The pages of purchasing side by side; a supplier has one, and no row. */
import "@/console/stock/stock.css";
import { Link, useLocation } from "@tanstack/react-router";
import { useMay } from "@/shell/me";
import { useWords } from "@/words/language";
import { purchasing } from "@/words/purchasing";

const PAGES = [
  { path: "/purchasing", word: "suggestions" }, { path: "/purchasing/tickets", word: "tickets" },
  { path: "/purchasing/suppliers", word: "suppliers" }, { path: "/purchasing/vmi", word: "vmi" },
] as const;

export function PurchasingParts() {
  const words = useWords(purchasing);
  const here = useLocation().pathname;
  const may = useMay();
  if (!may("purchasing:read")) return null;
  return (
    <nav className="views stock-parts" aria-label={words.title}>
      {PAGES.map((one) => (
        <Link key={one.path} to={one.path} className={here === one.path ? "on" : ""} aria-current={here === one.path ? "page" : undefined}>{words[one.word]}</Link>
      ))}
    </nav>
  );
}
