/** What the quota pages ask the server. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, got } from "@/api/client";
import type { QuotaWish } from "@/api/generated/schema";
import type { Search } from "./search";

const LIST = "/api/v1/stock/quotas";
const ONE = "/api/v1/stock/quotas/{quota}";

export function useQuotas({ state, sku, warehouse, campaign, after }: Search) {
  const query = { state: state ?? "", sku: sku ?? "", warehouse: warehouse ?? "", campaign: campaign ?? "", cursor: after ?? "", limit: 50 } as const;
  return useQuery({ queryKey: [LIST, query], queryFn: () => got(api.GET(LIST, { params: { query } })), placeholderData: keepPreviousData });
}

export function useQuota(number: string) {
  return useQuery({ queryKey: [ONE, { number }], queryFn: () => got(api.GET(ONE, { params: { path: { quota: number } } })) });
}

export function useShops(isOn: boolean) {
  return useQuery({ queryKey: ["/api/v1/accounts"], queryFn: async () => (await got(api.GET("/api/v1/accounts"))).accounts, enabled: isOn, staleTime: 60_000 });
}

/** What is set aside or given back shows on all pages of stock. */
function useMoved() {
  const client = useQueryClient();
  return () => void client.invalidateQueries({ predicate: (query) => String(query.queryKey[0]).startsWith("/api/v1/stock") });
}

/** One key for each form that was opened: a second click is the same act. */
export function usePlan(key: string) {
  const onSuccess = useMoved();
  return useMutation({ mutationFn: (body: QuotaWish) => got(api.POST(LIST, { params: { header: { "Idempotency-Key": key } }, body })), onSuccess });
}

export function useResize(number: string) {
  const onSuccess = useMoved();
  return useMutation({
    mutationFn: (body: { quantity: number; reason: string }) => got(api.POST("/api/v1/stock/quotas/{quota}/resize", { params: { path: { quota: number } }, body })), onSuccess,
  });
}

export function useClose(number: string) {
  const onSuccess = useMoved();
  return useMutation({ mutationFn: (reason: string) => got(api.POST("/api/v1/stock/quotas/{quota}/close", { params: { path: { quota: number } }, body: { reason } })), onSuccess });
}
