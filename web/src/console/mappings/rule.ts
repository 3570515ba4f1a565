/** Rules of a mapping as the editor shows and writes them: where a value is, what is done with it, what its words mean. */
import type { Target } from "@/api/generated/schema";

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type Block = { [key: string]: Json };

/** What an edited mapping says; what it says nothing of is left out. */
export interface Content {
  document?: Block | null;
  words?: Record<string, Record<string, Block>>;
  columns?: Record<string, string>;
  constants?: Record<string, string>;
}

/** A rule that fits the row of a form. */
export interface Simple {
  paths: string[];
  fn?: string | undefined;
  options?: Block | undefined;
  values?: Record<string, string> | undefined;
  fixed?: string | undefined;
}

const PARTS = ["lines", "shipments", "entries", "figures", "ratings"];

const isBlock = (value: Json | undefined): value is Block => typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: Json | undefined): value is string => typeof value === "string";

/** The rule as a row shows it; undefined for one that only a text can say. */
export function simple(rule: Json | undefined): Simple | undefined {
  if (rule === undefined || rule === null) return { paths: [] };
  if (isText(rule)) return { paths: [rule] };
  if (Array.isArray(rule)) return rule.every(isText) ? { paths: rule } : undefined;
  if (!isBlock(rule)) return undefined;
  const { path, of, function: fn, with: options, values, const: fixed, ...rest } = rule;
  if (Object.keys(rest).length > 0) return undefined;
  if (fixed !== undefined) return path === undefined && of === undefined && !isBlock(fixed) ? { paths: [], fixed: String(fixed) } : undefined;
  const paths = listed(fn === undefined ? path : of);
  if (!paths || (values !== undefined && !isBlock(values))) return undefined;
  return {
    paths, fn: isText(fn) ? fn : undefined, options: isBlock(options) ? options : undefined,
    values: isBlock(values) ? Object.fromEntries(Object.entries(values).map(([key, one]) => [key, String(one)])) : undefined,
  };
}

function listed(value: Json | undefined): string[] | undefined {
  if (isText(value)) return [value];
  return Array.isArray(value) && value.every(isText) ? value : undefined;
}

/** The rule as a mapping says it; undefined for none. */
export function written({ paths, fn, options, values, fixed }: Simple): Json | undefined {
  if (fixed !== undefined && fixed !== "") return { const: fixed };
  if (paths.length === 0) return undefined;
  const told: Block = values && Object.keys(values).length > 0 ? { values } : {};
  const given = paths.length === 1 ? (paths[0] ?? "") : paths;
  if (fn) return { function: fn, of: paths, ...(options && Object.keys(options).length > 0 ? { with: options } : {}), ...told };
  return Object.keys(told).length > 0 ? { path: given, ...told } : given;
}

function part(document: Block, block: string): Block | undefined {
  const found = document[block];
  const one = Array.isArray(found) ? found[0] : found;
  return isBlock(one) ? one : undefined;
}

export function ruleOf(document: Block, target: Target): Json | undefined {
  const holder = PARTS.includes(target.block) ? part(document, target.block)?.["fields"] : document[target.block];
  return isBlock(holder) ? holder[target.name] : undefined;
}

/** The document with another rule for a target; without one where it is undefined. */
export function withRule(document: Block, target: Target, rule: Json | undefined): Block {
  const set = (holder: Json | undefined): Block => {
    const { [target.name]: _, ...others } = isBlock(holder) ? holder : {};
    return rule === undefined ? others : { ...others, [target.name]: rule };
  };
  if (!PARTS.includes(target.block)) return { ...document, [target.block]: set(document[target.block]) };
  const changed = { ...part(document, target.block), fields: set(part(document, target.block)?.["fields"]) };
  const found = document[target.block];
  return { ...document, [target.block]: Array.isArray(found) ? [changed, ...found.slice(1)] : changed };
}

function rootOf(document: Block): string {
  const { root, each } = document;
  const first = Array.isArray(root) ? root[0] : root;
  const base = isText(first) && first !== "$" ? first : "";
  return isText(each) && each !== "" && each !== "." ? `${base ? `${base}.` : ""}${each}[]` : base;
}

const below = (path: string, base: string) => (base === "" ? path : path.startsWith(`${base}.`) ? path.slice(base.length + 1) : undefined);

/** A place of the payload joined to a target: its path as the document says it, and the list of the lines where that
 * has not been said yet. */
export function join(document: Block, target: Target, place: string): Block {
  const base = rootOf(document);
  const inside = below(place, base);
  if (!PARTS.includes(target.block)) return withRule(document, target, inside ?? `$.${place}`);
  const held = part(document, target.block);
  const each = isText(held?.["each"]) ? held["each"] : undefined;
  const list = each ?? (inside?.includes("[]") ? inside.slice(0, inside.lastIndexOf("[]")) : undefined);
  const path = list === undefined || inside === undefined ? undefined : below(inside, `${list}[]`);
  const told = path ?? (inside === undefined ? `$.${place}` : `^.${inside}`);
  const next = withRule(document, target, told);
  if (each !== undefined || list === undefined) return next;
  const found = next[target.block];
  return isBlock(found) ? { ...next, [target.block]: { each: list, ...found } } : next;
}

/** The file's column that a target is read from: the one that somebody named, else one that is known by itself. */
export function columnOf(content: Content, target: Target, names: readonly string[]): { name: string; isOwn: boolean } | undefined {
  const own = Object.entries(content.columns ?? {}).find(([, ours]) => ours === target.column);
  if (own) return { name: own[0], isOwn: true };
  const taken = new Set(Object.keys(content.columns ?? {}));
  const known = names.find((name) => !taken.has(name) && target.names.includes(plain(name)));
  return known === undefined ? undefined : { name: known, isOwn: false };
}

export function withColumn(content: Content, target: Target, name: string | undefined): Content {
  const kept = Object.entries(content.columns ?? {}).filter(([theirs, ours]) => ours !== target.column && theirs !== name);
  return { ...content, columns: Object.fromEntries(name === undefined ? kept : [...kept, [name, target.column]]) };
}

/** A name as names are compared: no signs, small letters. */
export function plain(name: string): string {
  return name.normalize("NFKC").replace(/[^\p{L}\p{N}]+/gu, "").toLowerCase();
}

/** A value map as a person writes it, one a line. */
export function valuesText(values: Record<string, string> | undefined): string {
  return Object.entries(values ?? {}).map(([theirs, ours]) => `${theirs}=${ours}`).join("\n");
}

export function valuesOf(text: string): Record<string, string> {
  const pairs = text.split("\n").map((line) => line.split("=")).filter((one) => one.length > 1);
  return Object.fromEntries(pairs.map(([theirs, ...ours]) => [(theirs ?? "").trim(), ours.join("=").trim()]));
}
