/** Reads the custom properties of tokens.css. */
export type Tokens = Record<string, string>;

/** The custom properties of one block of tokens.css. */
export function tokensOf(css: string, selector: string): Tokens {
  const start = css.indexOf(`${selector} {`);
  const block = css.slice(start, css.indexOf("\n}", start)).replace(/\/\*[\s\S]*?\*\//g, "");
  return Object.fromEntries([...block.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name, value?.trim() ?? ""]));
}
