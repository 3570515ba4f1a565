/** What the pages of stock documents ask the server. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, got, newKey } from "@/api/client";
import type { CountsTold, DocumentWish, GoodsGone, GoodsIn, StockDocumentView } from "@/api/generated/schema";
import type { Search } from "./search";

const LIST = "/api/v1/stock/documents";
const ONE = "/api/v1/stock/documents/{document}";

export function useDocuments({ state, kind, warehouse, q, after }: Search) {
  const query = { ...(state ? { state } : {}), ...(kind ? { kind } : {}), warehouse: warehouse ?? "", q: q ?? "", cursor: after ?? "", limit: 50 };
  return useQuery({ queryKey: [LIST, query], queryFn: () => got(api.GET(LIST, { params: { query } })), placeholderData: keepPreviousData });
}

export function useDocument(document: string) {
  return useQuery({ queryKey: [LIST, { document }], queryFn: () => got(api.GET(ONE, { params: { path: { document } } })) });
}

/** What is done to stock shows on all pages of stock. */
function useAct<Given>(act: (given: Given, key: string) => Promise<StockDocumentView>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (given: Given) => act(given, newKey()),
    onSuccess: (found) => {
      client.setQueryData([LIST, { document: found.number }], found);
      void client.invalidateQueries({ predicate: (query) => String(query.queryKey[0]).startsWith("/api/v1/stock") });
    },
  });
}

export function useDraft() {
  return useAct((body: DocumentWish, key) => got(api.POST(LIST, { params: { header: { "Idempotency-Key": key } }, body })));
}

export function useStep(document: string) {
  return useAct(({ act, reason }: { act: "submit" | "approve" | "refuse" | "cancel"; reason: string }, key) => {
    const params = { path: { document }, header: { "Idempotency-Key": key } };
    switch (act) {
      case "submit": return got(api.POST("/api/v1/stock/documents/{document}/submit", { params }));
      case "approve": return got(api.POST("/api/v1/stock/documents/{document}/approve", { params }));
      case "refuse": return got(api.POST("/api/v1/stock/documents/{document}/refuse", { params, body: { reason } }));
      case "cancel": return got(api.POST("/api/v1/stock/documents/{document}/cancel", { params, body: { reason } }));
    }
  });
}

export function useCount(document: string) {
  return useAct((body: CountsTold, key) =>
    got(api.POST("/api/v1/stock/documents/{document}/count", { params: { path: { document }, header: { "Idempotency-Key": key } }, body })));
}

export function useReceive(document: string) {
  return useAct((body: GoodsIn, key) =>
    got(api.POST("/api/v1/stock/documents/{document}/receive", { params: { path: { document }, header: { "Idempotency-Key": key } }, body })));
}

export function useLose(document: string) {
  return useAct((body: GoodsGone, key) =>
    got(api.POST("/api/v1/stock/documents/{document}/lose", { params: { path: { document }, header: { "Idempotency-Key": key } }, body })));
}
