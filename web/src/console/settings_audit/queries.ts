/** What the page of the audit asks the server. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, got } from "@/api/client";
import type { Search } from "./search";

const STATE = "/api/v1/audit";
const FACTS = "/api/v1/audit/facts";
const POLL_MS = 2_000;

/** While a verification runs it is asked for again. */
export function useAudit() {
  return useQuery({ queryKey: [STATE], queryFn: () => got(api.GET(STATE)), refetchInterval: (query) => (query.state.data?.job ? POLL_MS : false) });
}

export function useProgress(id: string | null | undefined) {
  return useQuery({
    queryKey: ["/api/v1/jobs/{job_id}", id], enabled: Boolean(id), refetchInterval: POLL_MS,
    queryFn: () => got(api.GET("/api/v1/jobs/{job_id}", { params: { path: { job_id: id ?? "" } } })),
  });
}

export function useFacts({ order, actor, kind, since, until, after }: Search) {
  const query = { order: order ?? "", actor: actor ?? "", kind: kind ?? "", cursor: after ?? "", limit: 50, ...(since ? { since } : {}), ...(until ? { until } : {}) };
  return useQuery({ queryKey: [FACTS, query], queryFn: () => got(api.GET(FACTS, { params: { query } })), placeholderData: keepPreviousData });
}

export function useVerify() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (is_deep: boolean) => got(api.POST("/api/v1/audit/verify", { body: { is_deep } })),
    onSuccess: () => void client.invalidateQueries({ queryKey: [STATE] }),
  });
}
