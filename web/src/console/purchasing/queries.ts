/** What the pages of purchasing ask the server. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, got, newKey } from "@/api/client";
import type { CloseWish, OrderWish, PromiseWish, PurchaseLinesWish, PurchaseView, PurchaseWish, ReceiptWish, ShippedWish, SupplierRow, SuppliesRow } from "@/api/generated/schema";
import type { Search } from "./search";

const ROOT = "/api/v1/purchasing";
const LIST = "/api/v1/purchasing/tickets";
const ONE = "/api/v1/purchasing/tickets/{purchase}";

export function useSuggestions({ supplier, q, after }: Search) {
  const query = { supplier: supplier ?? "", q: q ?? "", cursor: after ?? "", limit: 50 };
  return useQuery({ queryKey: [`${ROOT}/suggestions`, query], queryFn: () => got(api.GET("/api/v1/purchasing/suggestions", { params: { query } })), placeholderData: keepPreviousData });
}

export function useTickets({ state, supplier, warehouse, q, after }: Search) {
  const query = { state: state ?? ("" as const), supplier: supplier ?? "", warehouse: warehouse ?? "", q: q ?? "", cursor: after ?? "", limit: 50 };
  return useQuery({ queryKey: [LIST, query], queryFn: () => got(api.GET(LIST, { params: { query } })), placeholderData: keepPreviousData });
}

export function useTicket(purchase: string) {
  return useQuery({ queryKey: [LIST, { purchase }], queryFn: () => got(api.GET(ONE, { params: { path: { purchase } } })) });
}

export function useSuppliers(isSeen = true) {
  return useQuery({ queryKey: [`${ROOT}/suppliers`], enabled: isSeen, queryFn: () => got(api.GET("/api/v1/purchasing/suppliers")) });
}

export function useSupplies(supplier: string) {
  return useQuery({ queryKey: [`${ROOT}/supplies`, supplier], queryFn: () => got(api.GET("/api/v1/purchasing/supplies", { params: { query: { supplier, sku: "" } } })) });
}

export function useVmi(supplier: string, q: string) {
  return useQuery({ queryKey: [`${ROOT}/vmi`, supplier, q], queryFn: () => got(api.GET("/api/v1/purchasing/vmi", { params: { query: { supplier, q } } })), placeholderData: keepPreviousData });
}

export function useVmiTickets(supplier: string) {
  return useQuery({ queryKey: [`${ROOT}/vmi/tickets`, supplier], queryFn: () => got(api.GET("/api/v1/purchasing/vmi/tickets", { params: { query: { supplier, cursor: "", limit: 50 } } })) });
}

/** What is done to a ticket shows on all pages of purchasing and of stock. */
function useAct<Given, Answer>(act: (given: Given, key: string) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (given: Given) => act(given, newKey()),
    onSuccess: () => void client.invalidateQueries({ predicate: (query) => [ROOT, "/api/v1/stock"].some((begin) => String(query.queryKey[0]).startsWith(begin)) }),
  });
}

export function useDraft() {
  return useAct((body: PurchaseWish, key): Promise<PurchaseView> => got(api.POST(LIST, { params: { header: { "Idempotency-Key": key } }, body })));
}

export function useLines(purchase: string) {
  return useAct((body: PurchaseLinesWish, key) => got(api.PUT("/api/v1/purchasing/tickets/{purchase}/lines", { params: { path: { purchase }, header: { "Idempotency-Key": key } }, body })));
}

export function useReceive(purchase: string) {
  return useAct((body: ReceiptWish, key) => got(api.POST("/api/v1/purchasing/tickets/{purchase}/receive", { params: { path: { purchase }, header: { "Idempotency-Key": key } }, body })));
}

export type Step = { act: "order"; body: OrderWish } | { act: "ship"; body: ShippedWish } | { act: "promise"; body: PromiseWish } | { act: "close"; body: CloseWish };

export function useStep(purchase: string) {
  return useAct((step: Step, key) => {
    const params = { path: { purchase }, header: { "Idempotency-Key": key } };
    switch (step.act) {
      case "order": return got(api.POST("/api/v1/purchasing/tickets/{purchase}/order", { params, body: step.body }));
      case "ship": return got(api.POST("/api/v1/purchasing/tickets/{purchase}/ship", { params, body: step.body }));
      case "promise": return got(api.POST("/api/v1/purchasing/tickets/{purchase}/promise", { params, body: step.body }));
      case "close": return got(api.POST("/api/v1/purchasing/tickets/{purchase}/close", { params, body: step.body }));
    }
  });
}

export function useKeepSupplier() {
  return useAct((body: SupplierRow) => got(api.PUT("/api/v1/purchasing/suppliers", { body })));
}

export function useKeepSupplies() {
  return useAct((body: SuppliesRow) => got(api.PUT("/api/v1/purchasing/supplies", { body })));
}
