/** What the search box finds at the server: orders, parcels, goods, cases. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, got } from "@/api/client";
import type { Hit } from "@/api/generated/schema";

const SHORTEST = 2;

export interface Found {
  hits: readonly Hit[];
  /** They answer what is typed now; else they are of what was typed before, and the first of them is not what is meant. */
  isAnswered: boolean;
}

/** Hits of a text of two characters or more, exact ones first. */
export function useFound(text: string): Found {
  const q = text.trim().slice(0, 64);
  const isOn = q.length >= SHORTEST;
  const { data, isLoading, isPlaceholderData } = useQuery({
    queryKey: ["/api/v1/search", q], queryFn: async () => (await got(api.GET("/api/v1/search", { params: { query: { q } } }))).hits, enabled: isOn, placeholderData: keepPreviousData,
    staleTime: 10_000, retry: false,
  });
  return { hits: isOn ? (data ?? []) : [], isAnswered: !isOn || !(isLoading || isPlaceholderData) };
}

/** Where a hit leads. */
export function addressOf(hit: Hit): string {
  switch (hit.kind) {
    case "order": return `/orders/${encodeURIComponent(hit.title)}`;
    case "waybill": return `/orders/${encodeURIComponent(hit.ref)}`;
    case "sku": return `/products/${encodeURIComponent(hit.ref)}`;
    case "case": return `/cases/${encodeURIComponent(hit.ref)}`;
  }
}
