/** A link to any address of the console; plain text where the page behind it is not the user's to open. */
import type { MouseEvent, ReactNode } from "react";
import { useRouter } from "@tanstack/react-router";
import { useMe } from "@/shell/me";
import { entriesFor } from "@/shell/nav";

/** Says which addresses the user has a page for. */
export function useOpens(): (href: string) => boolean {
  const paths = entriesFor(useMe().scopes).map((entry) => entry.path);
  return (href) => {
    const path = href.split(/[?#]/)[0] ?? "";
    return paths.some((one) => one === path || (one !== "/" && path.startsWith(`${one}/`)));
  };
}

interface ToProps {
  href: string;
  className?: string;
  title?: string;
  children: ReactNode;
}

export function To({ href, children, ...rest }: ToProps) {
  const router = useRouter();
  const opens = useOpens();
  if (!opens(href)) return <span {...rest}>{children}</span>;
  const go = (event: MouseEvent) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    void router.navigate({ href });
  };
  return <a href={href} onClick={go} {...rest}>{children}</a>;
}
