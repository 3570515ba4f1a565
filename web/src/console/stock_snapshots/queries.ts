/** What the snapshot pages ask the server. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, got } from "@/api/client";
import type { SnapshotView } from "@/api/generated/schema";
import type { Search } from "./search";

const LIST = "/api/v1/stock/snapshots";
const ONE = "/api/v1/stock/snapshots/{snapshot}";
const OFTEN_MS = 2_000;
const PAUSED_MS = 15_000;

/** Often while it is being taken, now and then while orders wait, not at all once it is over. */
function again(heads: readonly SnapshotView[] | undefined): number | false {
  if (heads?.some((one) => !one.ended_at)) return OFTEN_MS;
  return heads?.some((one) => one.paused_until) ? PAUSED_MS : false;
}

export function useSnapshots({ after }: Search) {
  const query = { cursor: after ?? "", limit: 50 };
  return useQuery({
    queryKey: [LIST, query], queryFn: () => got(api.GET(LIST, { params: { query } })), placeholderData: keepPreviousData,
    refetchInterval: (state) => again(state.state.data?.snapshots),
  });
}

export function useSnapshot(number: string, { after }: Search) {
  const query = { cursor: after ?? "", limit: 50 };
  return useQuery({
    queryKey: [ONE, { number, ...query }], queryFn: () => got(api.GET(ONE, { params: { path: { snapshot: number }, query } })), placeholderData: keepPreviousData,
    refetchInterval: (state) => again(state.state.data ? [state.state.data.snapshot] : undefined),
  });
}

function useChanged() {
  const client = useQueryClient();
  return () => void client.invalidateQueries({ predicate: (query) => String(query.queryKey[0]).startsWith(LIST) });
}

export function useTake() {
  const onSuccess = useChanged();
  return useMutation({ mutationFn: () => got(api.POST(LIST)), onSuccess });
}

export function useRelease(number: string) {
  const onSuccess = useChanged();
  return useMutation({ mutationFn: (reason: string) => got(api.POST("/api/v1/stock/snapshots/{snapshot}/release", { params: { path: { snapshot: number } }, body: { reason } })), onSuccess });
}
