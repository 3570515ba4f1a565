/** Instants as people read them, in the zone of the hub: today `10:42`, yesterday, `11-23 14:22`, else `2025-11-23`. */
import type { Language } from "@/words/language";
import { shared } from "@/words/shared";

let zone = "Asia/Shanghai";
const formats = new Map<string, Intl.DateTimeFormat>();

/** Where the hub's days begin and end; `/me` tells it. A zone that this browser does not know changes nothing. */
export function setZone(name: string): void {
  try {
    zone = new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
    formats.clear();
  } catch {
    // The zone stays as it was.
  }
}

interface Parts {
  year: string;
  month: string;
  day: string;
  hour: string;
  minute: string;
  second: string;
}

function parts(at: Date): Parts {
  let format = formats.get("parts");
  if (!format) {
    format = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
    });
    formats.set("parts", format);
  }
  return Object.fromEntries(format.formatToParts(at).map((one) => [one.type, one.value])) as unknown as Parts;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The zone that all times on screen are told in. */
export function zoneName(): string {
  return zone;
}

/** The instant of a wall clock in the hub's zone, `2026-11-11T00:00`, as the server takes it. */
export function instantOf(wall: string): string {
  const asUtc = Date.parse(`${wall}:00Z`);
  const shownAt = (at: number) => {
    const one = parts(new Date(at));
    return Date.parse(`${one.year}-${one.month}-${one.day}T${one.hour}:${one.minute}:00Z`);
  };
  let at = asUtc - (shownAt(asUtc) - asUtc);
  at += asUtc - shownAt(at); // the clock may have been put forward or back in between
  return new Date(at).toISOString();
}

/** The day in the hub's zone, `2026-11-24`. */
export function dayOf(at: Date): string {
  const one = parts(at);
  return `${one.year}-${one.month}-${one.day}`;
}

/** The hour in the hub's zone, `09`. */
export function hourOf(at: Date): string {
  return parts(at).hour;
}

/** The day so many days away from an instant's, `2026-11-24`. */
export function dayFrom(at: Date, days: number): string {
  return new Date(Date.parse(`${dayOf(at)}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

export function when(iso: string | Date, language: Language, now = new Date()): string {
  const at = typeof iso === "string" ? new Date(iso) : iso;
  const one = parts(at);
  const time = `${one.hour}:${one.minute}`;
  const day = dayOf(at);
  if (day === dayOf(now)) return time;
  if (day === dayFrom(now, -1)) return `${shared[language].yesterday} ${time}`;
  if (one.year !== parts(now).year) return day;
  return language === "zh" ? `${one.month}-${one.day} ${time}` : `${Number(one.day)} ${MONTHS[Number(one.month) - 1]} ${time}`;
}

/** With seconds, for the matrix and the audit: `10:42:18`, with the day when it is not today's. */
export function whenExact(iso: string | Date, language: Language, now = new Date()): string {
  const at = typeof iso === "string" ? new Date(iso) : iso;
  const one = parts(at);
  const time = `${one.hour}:${one.minute}:${one.second}`;
  if (dayOf(at) === dayOf(now)) return time;
  return language === "zh" ? `${one.month}-${one.day} ${time}` : `${Number(one.day)} ${MONTHS[Number(one.month) - 1]} ${time}`;
}

/** The title of a time: the instant in UTC. */
export function whenTitle(iso: string | Date): string {
  const at = typeof iso === "string" ? new Date(iso) : iso;
  return `${at.toISOString().replace("T", " ").slice(0, 19)} UTC`;
}
