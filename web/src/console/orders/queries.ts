/** What the order list asks the server, and what it has done. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, got, newKey } from "@/api/client";
import type { ExportRequest, ManyRequest, OrderQuery, OrdersChosen, TagRequest, ViewRequest } from "@/api/generated/schema";
import { asProblem } from "@/api/problem";
import type { Filters, Search } from "./search";
import { filtersOf, queryOf } from "./search";

const LIST = "/api/v1/orders";
const ROWS = 50;

/** The page that is looked at. News do not make it old: rows change in place, new ones wait behind a button. */
export function useOrders(here: Search, columns: string) {
  const query = { ...queryOf(filtersOf(here)), sort: here.sort ?? "-recorded", columns, cursor: here.after ?? "", limit: ROWS };
  return useQuery({
    queryKey: [LIST, "page", query],
    queryFn: () => got(api.GET(LIST, { params: { query } })),
    placeholderData: keepPreviousData,
    meta: { isByHand: true },
    retry: (count, error) => count < 1 && asProblem(error).code === "narrow_time",
    retryDelay: 50,
  });
}

/** The rows on screen as they are now, those that still fit; asked again at every news of orders. Their numbers do not change. */
export function useStanding(here: Search, columns: string, ids: readonly string[]) {
  const query = { ...queryOf(filtersOf({ ...here, numbers: undefined })), id: [...ids], columns, limit: ROWS };
  return useQuery({ queryKey: [LIST, "standing", query], queryFn: () => got(api.GET(LIST, { params: { query } })), enabled: ids.length > 0, staleTime: 2_000, placeholderData: keepPreviousData });
}

/** How many orders came since the list was read. */
export function useNewer(here: Search, since: string | null | undefined) {
  const query = { ...queryOf(filtersOf(here)), from: since ?? "", limit: ROWS };
  return useQuery({ queryKey: [LIST, "newer", query], queryFn: async () => (await got(api.GET(LIST, { params: { query } }))).orders.map((row) => row.id), enabled: Boolean(since), staleTime: 2_000 });
}

export function useViews() {
  return useQuery({ queryKey: ["/api/v1/views"], queryFn: async () => (await got(api.GET("/api/v1/views"))).views, staleTime: 60_000 });
}

export function useCounts() {
  return useQuery({ queryKey: ["/api/v1/counts"], queryFn: async () => (await got(api.GET("/api/v1/counts"))).views, staleTime: 5_000 });
}

export function useTags() {
  return useQuery({ queryKey: ["/api/v1/tags"], queryFn: async () => (await got(api.GET("/api/v1/tags"))).tags, staleTime: 60_000 });
}

export function useWarehouses(isOn: boolean) {
  return useQuery({ queryKey: ["/api/v1/warehouses"], queryFn: async () => (await got(api.GET("/api/v1/warehouses"))).warehouses, enabled: isOn, staleTime: 60_000 });
}

export function useAccounts(isOn: boolean) {
  return useQuery({ queryKey: ["/api/v1/accounts"], queryFn: async () => (await got(api.GET("/api/v1/accounts"))).accounts, enabled: isOn, staleTime: 60_000 });
}

export function useExportColumns(isOn: boolean) {
  return useQuery({ queryKey: ["/api/v1/orders/export/columns"], queryFn: () => got(api.GET("/api/v1/orders/export/columns")), enabled: isOn, staleTime: 60_000 });
}

export function useOld(...starts: readonly string[]) {
  const client = useQueryClient();
  return () => void client.invalidateQueries({ predicate: (query) => starts.some((start) => String(query.queryKey[0]).startsWith(start)) });
}

export function useTagging() {
  const onSuccess = useOld("/api/v1/tags", LIST);
  return useMutation({ mutationFn: (body: TagRequest) => got(api.POST("/api/v1/tags/apply", { body })), onSuccess });
}

export function useAhead() {
  return useMutation({ mutationFn: (body: ManyRequest) => got(api.POST("/api/v1/orders/bulk/preview", { body })) });
}

export function useMany() {
  const onSuccess = useOld("/api/v1/jobs");
  return useMutation({ mutationFn: (body: ManyRequest) => got(api.POST("/api/v1/orders/bulk", { body, params: { header: { "Idempotency-Key": newKey() } } })), onSuccess });
}

/** What replaying these orders would change; looked at once. */
export function useAheadAgain(chosen: OrdersChosen) {
  return useQuery({ queryKey: ["/api/v1/bulk-replay/ahead", chosen], gcTime: 0, staleTime: Infinity, refetchOnWindowFocus: false, queryFn: () => got(api.POST("/api/v1/orders/bulk-replay/preview", { body: chosen })) });
}

export function useReplay() {
  const onSuccess = useOld("/api/v1/jobs");
  return useMutation({ mutationFn: (body: OrdersChosen) => got(api.POST("/api/v1/orders/bulk-replay", { body, params: { header: { "Idempotency-Key": newKey() } } })), onSuccess });
}

export function useExport() {
  const onSuccess = useOld("/api/v1/jobs");
  return useMutation({
    mutationFn: ({ body, reason }: { body: ExportRequest; reason: string }) =>
      got(api.POST("/api/v1/orders/export", { body, params: { header: { "Idempotency-Key": newKey(), "X-Unmask-Reason": unescape(encodeURIComponent(reason)) } } })),
    onSuccess,
  });
}

export function useSaveView() {
  const onSuccess = useOld("/api/v1/views", "/api/v1/counts");
  return useMutation({ mutationFn: (body: ViewRequest) => got(api.POST("/api/v1/views", { body })), onSuccess });
}

export function useDropView() {
  const onSuccess = useOld("/api/v1/views", "/api/v1/counts");
  return useMutation({ mutationFn: (id: string) => got(api.DELETE("/api/v1/views/{view_id}", { params: { path: { view_id: id } } })), onSuccess });
}

/** Filters as the body of a command has them. */
export function asQuery(filters: Filters): OrderQuery {
  return queryOf(filters) as unknown as OrderQuery;
}
