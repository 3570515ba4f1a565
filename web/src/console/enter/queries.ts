/** What the form asks the server: goods, a receiver taken apart, what the order comes to, and to take it in. */
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { api, got } from "@/api/client";
import type { EnteredOrder } from "@/api/generated/schema";

export function useGoods(q: string) {
  return useQuery({
    queryKey: ["/api/v1/goods", q], enabled: q.trim() !== "", placeholderData: keepPreviousData,
    queryFn: () => got(api.GET("/api/v1/goods", { params: { query: { q: q.trim(), limit: 8 } } })),
  });
}

export function useSplit() {
  return useMutation({ mutationFn: (text: string) => got(api.POST("/api/v1/addresses/split", { body: { text } })) });
}

/** What it comes to by now; asked for whenever something of it changes. */
export function useLook(order: EnteredOrder) {
  return useQuery({
    queryKey: ["/api/v1/orders/entered/look", order], enabled: order.lines.length > 0, placeholderData: keepPreviousData, staleTime: 60_000, gcTime: 60_000, meta: { isByHand: true },
    queryFn: () => got(api.POST("/api/v1/orders/entered/look", { body: order })),
  });
}

export function useCreate() {
  return useMutation({
    mutationFn: ({ order, key }: { order: EnteredOrder; key: string }) => got(api.POST("/api/v1/orders", { params: { header: { "Idempotency-Key": key } }, body: order })),
  });
}
