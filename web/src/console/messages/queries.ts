/** What the pages of messages ask the server, and have it do. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, asHeader, got, newKey } from "@/api/client";
import { useMay } from "@/shell/me";
import type { Search } from "./search";
import { SPANS } from "./search";

const LIST = "/api/v1/messages";
const ONE = "/api/v1/messages/{message_id}";
const HOUR_MS = 3_600_000;
const ROWS = 50;

export function useMessages(here: Search) {
  return useQuery({
    queryKey: [LIST, here], placeholderData: keepPreviousData,
    queryFn: () => {
      const since = here.received ? new Date(Date.now() - SPANS[here.received] * HOUR_MS).toISOString() : null;
      const query = {
        outcome: here.state ?? "", account: here.account ?? "", topic: here.topic ?? "", reason: here.reason ?? "", order: here.order ?? "", cursor: here.after ?? "", limit: ROWS, ...(since ? { since } : {}),
      } as const;
      return got(api.GET(LIST, { params: { query } }));
    },
  });
}

/** The message account, for whoever sees all rows; who is limited to some has none. */
export function useAccount() {
  return useQuery({ queryKey: ["/api/v1/accounting"], queryFn: () => got(api.GET("/api/v1/accounting")), retry: false, refetchInterval: 10_000 });
}

export function useSources() {
  const isOn = useMay()("accounts:read");
  return useQuery({ queryKey: ["/api/v1/accounts"], queryFn: async () => (await got(api.GET("/api/v1/accounts"))).accounts, enabled: isOn, staleTime: 60_000 });
}

export function useMessage(id: string) {
  return useQuery({ queryKey: [ONE, id], queryFn: () => got(api.GET(ONE, { params: { path: { message_id: id } } })) });
}

export function useLook(id: string, isOn: boolean) {
  return useQuery({ queryKey: ["/api/v1/messages/{message_id}/look", id], enabled: isOn, queryFn: () => got(api.GET("/api/v1/messages/{message_id}/look", { params: { path: { message_id: id } } })) });
}

/** What stands in it in clear: with the right, for a reason, and only for this look. */
export function useClear(id: string) {
  return useMutation({
    gcTime: 0,
    mutationFn: (reason: string) => got(api.GET("/api/v1/messages/{message_id}/look", { params: { path: { message_id: id }, header: { "X-Unmask-Reason": asHeader(reason) } } })),
  });
}

export function useFile(id: string) {
  return useMutation({
    gcTime: 0,
    mutationFn: async (reason: string) => {
      const asked = { params: { path: { message_id: id }, header: { "X-Unmask-Reason": asHeader(reason) } }, parseAs: "blob" } as const;
      const { data, response } = await api.GET("/api/v1/messages/{message_id}/file", asked);
      const named = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? "message";
      return { bytes: data as Blob, name: decodeURIComponent(named) };
    },
  });
}

/** What replaying these would change; of one in quarantine what letting it in would. */
export function useAhead(ids: readonly string[]) {
  const [first = ""] = ids;
  return useQuery({
    queryKey: ["/api/v1/messages/ahead", ids], gcTime: 0, staleTime: Infinity, refetchOnWindowFocus: false,
    queryFn: () => ids.length === 1
      ? got(api.POST("/api/v1/messages/{message_id}/preview", { params: { path: { message_id: first } } }))
      : got(api.POST("/api/v1/messages/bulk-replay/preview", { body: { messages: [...ids] } })),
  });
}

export function useOld() {
  const client = useQueryClient();
  return () => void client.invalidateQueries({ predicate: (query) => /^\/api\/v1\/(messages|accounting|cases|jobs)/.test(String(query.queryKey[0])) && query.queryKey[0] !== "/api/v1/messages/ahead" });
}

export function useReplay() {
  const onSuccess = useOld();
  return useMutation({ mutationFn: (id: string) => got(api.POST("/api/v1/messages/{message_id}/replay", { params: { path: { message_id: id } } })), onSuccess });
}

export function useReplayMany() {
  const onSuccess = useOld();
  return useMutation({
    mutationFn: (ids: readonly string[]) => got(api.POST("/api/v1/messages/bulk-replay", { body: { messages: [...ids] }, params: { header: { "Idempotency-Key": newKey() } } })), onSuccess,
  });
}

export function useDiscard() {
  const onSuccess = useOld();
  return useMutation({ mutationFn: ({ ids, reason }: { ids: readonly string[]; reason: string }) => got(api.POST("/api/v1/messages/discard", { body: { ids: [...ids], case: null, reason } })), onSuccess });
}

export function useLetIn(id: string) {
  const onSuccess = useOld();
  return useMutation({ mutationFn: (reason: string) => got(api.POST("/api/v1/messages/{message_id}/let-in", { params: { path: { message_id: id } }, body: { reason } })), onSuccess });
}
