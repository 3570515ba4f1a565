/** A table that may be wider than the page: it scrolls sideways, by keys too. */
import type { ReactNode } from "react";

export function Scrolls({ label, children }: { label: string; children: ReactNode }) {
  // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keys
  return <section className="scrolls" aria-label={label} tabIndex={0}>{children}</section>;
}
