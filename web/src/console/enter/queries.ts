/** What the form asks the server: a receiver taken apart, what the order comes to, to take it in, and to correct it. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, asHeader, got } from "@/api/client";
import type { EnteredOrder } from "@/api/generated/schema";

const TYPED = "/api/v1/orders/{reference}/entered";

interface Sent {
  order: EnteredOrder;
  key: string;
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

function useRefreshed() {
  const client = useQueryClient();
  return () => void client.invalidateQueries({ predicate: (query) => String(query.queryKey[0]).startsWith("/api/v1/orders") });
}

export function useCreate() {
  const refreshed = useRefreshed();
  return async ({ order, key }: Sent) => {
    const made = await got(api.POST("/api/v1/orders", { params: { header: { "Idempotency-Key": key } }, body: order }));
    void refreshed();
    return made;
  };
}

/** What was typed last of an order; read anew each time the form opens, as what it begins with. */
export function useTyped(reference: string) {
  return useQuery({ queryKey: [TYPED, reference], gcTime: 0, staleTime: Infinity, meta: { isByHand: true }, queryFn: () => got(api.GET(TYPED, { params: { path: { reference } } })) });
}

/** The same with its receiver: asked for with a reason that is logged. */
export function useClearEntry(reference: string) {
  return useMutation({ gcTime: 0, mutationFn: (reason: string) => got(api.GET(TYPED, { params: { path: { reference }, header: { "X-Unmask-Reason": asHeader(reason) } } })) });
}

export function useCorrect(reference: string, version: number) {
  const refreshed = useRefreshed();
  return async ({ order, key }: Sent) => {
    const made = await got(api.PUT("/api/v1/orders/{reference}", { params: { path: { reference }, header: { "Idempotency-Key": key, "If-Match": `"${version}"` } }, body: order }));
    void refreshed();
    return made;
  };
}
