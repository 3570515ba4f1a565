/** News from the server. One tab of a browser listens and tells the others, so that six tabs do not use up its connections. */
import { useEffect, useSyncExternalStore } from "react";
import type { QueryClient } from "@tanstack/react-query";
import { useQueryClient } from "@tanstack/react-query";

export type Topic = "orders" | "cases" | "stock" | "deliveries" | "counters" | "jobs";
export interface News {
  topic: Topic;
  /** Whom it is about; empty when it may be anybody. */
  ids: readonly string[];
  at: string;
}
export interface LiveState {
  isOn: boolean;
  /** When the last sign of life came; milliseconds. */
  heardAt: number;
}

const ADDRESS = "/api/v1/console/stream";
const STALE_MS = 5_000;
const POLL_MS = 30_000;
const LOOK_MS = 1_000;
const channel = new BroadcastChannel("orderloom.live");
const states = new Set<() => void>();
const hearers = new Set<(news: News) => void>();
let state: LiveState = { isOn: false, heardAt: 0 };

function become(next: LiveState): void {
  state = next;
  for (const told of states) told();
}

function hear(data: string): void {
  become({ isOn: true, heardAt: Date.now() });
  if (!data) return;
  const news = JSON.parse(data) as News;
  for (const hearer of hearers) hearer(news);
}

channel.addEventListener("message", (event: MessageEvent<string>) => hear(event.data));

/** Listen as the leader until the page goes; the lock passes to another tab then. */
function lead(): Promise<never> {
  const source = new EventSource(ADDRESS);
  const pass = (data: string) => {
    hear(data);
    channel.postMessage(data);
  };
  source.addEventListener("news", (event: MessageEvent<string>) => pass(event.data));
  source.addEventListener("alive", () => pass(""));
  source.addEventListener("open", () => pass(""));
  return new Promise(() => undefined);
}

/** What of the cache a topic makes old: the first word of its keys after `/api/v1/`. */
const OLD: Record<Topic, readonly string[]> = {
  orders: ["orders", "works"], cases: ["cases"], stock: ["stock", "skus"], deliveries: ["deliveries", "subscribers", "carriers"], counters: ["counts", "home", "guide"], jobs: ["jobs"],
};

export function isAbout(key: unknown, topic: Topic): boolean {
  const noun = typeof key === "string" ? key.split("/")[3] : undefined;
  return noun !== undefined && OLD[topic].includes(noun);
}

function refresh(client: QueryClient, topic: Topic): void {
  void client.invalidateQueries({ predicate: (query) => isAbout(query.queryKey[0], topic) && query.meta?.["isByHand"] !== true });
}

/** Connect this tab once; while the stream is broken for long, everything on screen is asked for every half minute. */
export function useLiveConnection(): void {
  const client = useQueryClient();
  useEffect(() => {
    void navigator.locks?.request("orderloom.live", lead);
    const hearer = (news: News) => {
      if (document.visibilityState === "visible") refresh(client, news.topic);
    };
    const woke = () => {
      if (document.visibilityState === "visible") void client.invalidateQueries({ type: "active" });
    };
    let polledAt = Date.now();
    const timer = window.setInterval(() => {
      const now = Date.now();
      if (state.isOn && now - state.heardAt > STALE_MS) become({ ...state, isOn: false });
      if (!state.isOn && now - state.heardAt > 2 * POLL_MS && now - polledAt > POLL_MS && document.visibilityState === "visible") {
        polledAt = now;
        void client.invalidateQueries({ type: "active" });
      }
    }, LOOK_MS);
    hearers.add(hearer);
    document.addEventListener("visibilitychange", woke);
    return () => {
      hearers.delete(hearer);
      window.clearInterval(timer);
      document.removeEventListener("visibilitychange", woke);
    };
  }, [client]);
}

export function useLive(): LiveState {
  return useSyncExternalStore(
    (told) => {
      states.add(told);
      return () => states.delete(told);
    },
    () => state,
  );
}
