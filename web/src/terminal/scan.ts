/** One beep as a terminal keeps it until the hub has acknowledged it: append-only, named by the terminal itself. */
import type { FloorList, ListedWave, PickTaskView, ScanAnswer, ScanWish, ScansTaken } from "@/api/generated/schema";

export type { FloorList, ListedWave, PickTaskView, ScanAnswer, ScansTaken };
export type Action = ScanWish["action"];
/** What the picker was told at once: yes or no by the list that is carried along, or to wait for the hub's word. */
export type Told = "yes" | "no" | "asked";

export interface FreshScan extends Omit<ScanWish, "seq"> {
  warehouse: string;
  told: Told;
}

export interface WaitingScan extends FreshScan {
  device: string;
  seq: number;
}

export const CODE_MAX = 200;

/** What a scanner wrote, as the hub takes it: no halves of characters, no zero bytes, at most 200 characters. */
export function cleanCode(text: string): string {
  const isWhole = (sign: string) => sign !== "\0" && !/^[\uD800-\uDFFF]$/.test(sign);
  return [...text.trim()].filter(isWhole).slice(0, CODE_MAX).join("");
}

/** A code without what the scanner is set up to put around each: taken off only where both are there. */
export function bareCode(code: string, prefix: string, suffix: string): string {
  const isWrapped = code.length > prefix.length + suffix.length && code.startsWith(prefix) && code.endsWith(suffix);
  return isWrapped ? code.slice(prefix.length, code.length - suffix.length) : code;
}

/** A UUIDv7 (RFC 9562): 48 bits of time, the rest by chance. Not `randomUUID`: that needs HTTPS. */
export function newScanId(now = Date.now(), chance = crypto.getRandomValues(new Uint8Array(16))): string {
  const bytes = Uint8Array.from(chance);
  for (let at = 0; at < 6; at++) bytes[at] = Math.floor(now / 2 ** (8 * (5 - at))) % 256;
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** What of it goes over the wire. */
export function wishOf(scan: WaitingScan): ScanWish {
  const { id, seq, at, action, code, subject, quantity, station, carrier, is_offline, note } = scan;
  return { id, seq, at, action, code, subject, quantity, station, carrier, is_offline, note };
}
