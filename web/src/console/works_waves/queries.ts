/** What the waves page asks the server. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, got, newKey } from "@/api/client";
import type { WaveView, WaveWish } from "@/api/generated/schema";
import type { Search } from "./search";

const LIST = "/api/v1/floor/waves";
const ONE = "/api/v1/floor/waves/{wave}";
const REFRESH_MS = 5_000;

export function useWaves({ state, warehouse, after }: Search) {
  const query = { ...(state ? { state } : {}), warehouse: warehouse ?? "", cursor: after ?? "", limit: 50 };
  return useQuery({
    queryKey: [LIST, query], queryFn: () => got(api.GET(LIST, { params: { query } })), placeholderData: keepPreviousData, refetchInterval: REFRESH_MS,
  });
}

export function useWave(wave: string) {
  return useQuery({ queryKey: [LIST, { wave }], queryFn: () => got(api.GET(ONE, { params: { path: { wave } } })), refetchInterval: REFRESH_MS });
}

function useAct<Given>(act: (given: Given) => Promise<WaveView>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: (found) => {
      client.setQueryData([LIST, { wave: found.number }], found);
      void client.invalidateQueries({ predicate: ({ queryKey }) => [LIST, "/api/v1/works"].some((one) => String(queryKey[0]).startsWith(one)) });
    },
  });
}

export function usePlan() {
  return useAct((body: WaveWish) => got(api.POST(LIST, { body, params: { header: { "Idempotency-Key": newKey() } } })));
}

export function useRelease(wave: string) {
  return useAct(() => got(api.POST("/api/v1/floor/waves/{wave}/release", { params: { path: { wave } } })));
}

/** Labels of all its works, bought once each; the carriers answer later. */
export function useLabels(wave: string) {
  return useMutation({ mutationFn: () => got(api.POST("/api/v1/floor/waves/{wave}/labels", { params: { path: { wave } } })) });
}

export function useGiveUp(wave: string) {
  return useAct((reason: string) => got(api.POST("/api/v1/floor/waves/{wave}/cancel", { params: { path: { wave } }, body: { reason } })));
}
