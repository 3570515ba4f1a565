import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { tokensOf } from "./tokens";

const css = readFileSync("src/shell/tokens.css", "utf8");
const LIGHT = tokensOf(css, ":root");
const DARK = { ...LIGHT, ...tokensOf(css, '[data-theme="dark"]') };

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const GROUNDS = ["canvas", "surface", "sunken", "hover"];
const PHASES = ["new", "ready", "in_transit", "delivered", "blocked", "held", "amending", "failed", "returned", "cancelled"];

test.each(["light", "dark"])("every text can be read on every ground it stands on: %s", (name) => {
  const tokens = name === "light" ? LIGHT : DARK;
  const pairs = [
    ...["ink", "ink-2", "ink-3"].flatMap((text) => GROUNDS.map((ground) => [text, ground])),
    ...["bad", "warn", "good", "info"].flatMap((text) => [[text, `${text}-soft`], [text, "surface"]]),
    ...PHASES.map((phase) => [`ph-${phase}`, `ph-${phase}-soft`]),
    ["brand", "surface"], ["brand", "brand-soft"], ["on-brand", "brand"],
  ] as [string, string][];
  for (const [text, ground] of pairs) {
    expect(contrast(tokens[text] ?? "", tokens[ground] ?? ""), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
  }
  expect(contrast(tokens["edge"] ?? "", tokens["surface"] ?? "")).toBeGreaterThanOrEqual(3);
});
