/** What the stock pages ask the server. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, got } from "@/api/client";
import type { LeakSeen, Moves } from "@/api/generated/schema";
import type { Search } from "./search";

const BOARD = "/api/v1/stock/skus";
const ONE = "/api/v1/stock/sku";
const LEAKS = "/api/v1/stock/leaks";

export function useBoard({ state, q, warehouse, after }: Search) {
  const query = { state: state ?? "", q: q ?? "", warehouse: warehouse ?? "", cursor: after ?? "", limit: 50 } as const;
  return useQuery({ queryKey: [BOARD, query], queryFn: () => got(api.GET(BOARD, { params: { query } })), placeholderData: keepPreviousData });
}

export function useWarehouses() {
  return useQuery({ queryKey: ["/api/v1/warehouses"], queryFn: () => got(api.GET("/api/v1/warehouses")), staleTime: 5 * 60_000 });
}

export function useOne(sku: string) {
  return useQuery({ queryKey: [ONE, { sku }], queryFn: () => got(api.GET(ONE, { params: { query: { sku } } })) });
}

export function useWho(sku: string, cursor: string | undefined) {
  const query = { sku, cursor: cursor ?? "", limit: 50 };
  return useQuery({
    queryKey: ["/api/v1/stock/who", query], placeholderData: keepPreviousData,
    queryFn: () => got(api.GET("/api/v1/stock/who", { params: { query } })),
  });
}

export function useLedger(sku: string, cursor: string | undefined) {
  const query = { sku, cursor: cursor ?? "", limit: 50 };
  return useQuery({
    queryKey: ["/api/v1/stock/movements", query], placeholderData: keepPreviousData,
    queryFn: () => got(api.GET("/api/v1/stock/movements", { params: { query } })),
  });
}

export function useShown(sku: string) {
  return useQuery({
    queryKey: ["/api/v1/stock/shown", { sku }],
    queryFn: () => got(api.GET("/api/v1/stock/shown", { params: { query: { sku } } })),
  });
}

export function usePreview() {
  return useMutation({ mutationFn: (body: Moves) => got(api.POST("/api/v1/stock/moves/preview", { body })) });
}

/** One key for each preview that was confirmed: a second click is the same act. */
export function useMove() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ body, key }: { body: Moves; key: string }) =>
      got(api.POST("/api/v1/stock/moves", { params: { header: { "Idempotency-Key": key } }, body })),
    onSuccess: () => void client.invalidateQueries({ predicate: (query) => String(query.queryKey[0]).startsWith("/api/v1/stock") }),
  });
}

export function useLeaks() {
  return useQuery({ queryKey: [LEAKS], queryFn: () => got(api.GET(LEAKS)) });
}

export function useCompensate() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: LeakSeen) => got(api.POST("/api/v1/stock/leaks/compensate", { body })),
    onSettled: () => void client.invalidateQueries({ predicate: (query) => String(query.queryKey[0]).startsWith("/api/v1/stock") }),
  });
}
