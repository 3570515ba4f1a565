/** The frame of one page: its heading, what it is about, its buttons, and the title of the tab. No personal data in titles. */
import type { ReactNode } from "react";
import { useEffect } from "react";
import { useWords } from "@/words/language";
import { shell } from "@/words/shell";

interface PageProps {
  title: string;
  sub?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

export function useTabTitle(title: string): void {
  const { product } = useWords(shell);
  useEffect(() => {
    document.title = `${title} · ${product}`;
  }, [title, product]);
}

export function Page({ title, sub, actions, children }: PageProps) {
  useTabTitle(title);
  return (
    <>
      <header className="head">
        <h1>{title}</h1>
        {sub ? <span className="dim">{sub}</span> : null}
        <span className="grow" />
        {actions}
      </header>
      {children}
    </>
  );
}
