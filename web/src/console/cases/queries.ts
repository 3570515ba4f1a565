/** What the pages of cases ask the server, and have it do. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, got, newKey } from "@/api/client";
import type { CaseBulkRequest, CasesChosen, DecisionRequest, MendManyRequest, MendRequest } from "@/api/generated/schema";
import type { By, Search } from "./search";

const LIST = "/api/v1/cases";
export type Here = "alias" | "sku" | "correct" | "status" | "warehouse" | "replay" | "discard" | "resend" | "give_up";

function asked({ state = "open", kind = "", cause = "", owner = "", person = "", severity = "", account = "", warehouse = "", order = "" }: Search) {
  return { state, kind, cause, owner, person, severity, account, warehouse, order } as const;
}

export function useCases(here: Search) {
  const query = { ...asked(here), sort: here.state === "resolved" ? "newest" : "left", cursor: here.after ?? "", limit: 50 } as const;
  return useQuery({ queryKey: [LIST, query], queryFn: () => got(api.GET(LIST, { params: { query } })), placeholderData: keepPreviousData });
}

export function useKinds(here: Search) {
  const query = asked({ ...here, kind: undefined, cause: undefined });
  return useQuery({ queryKey: ["/api/v1/cases/kinds", query], queryFn: () => got(api.GET("/api/v1/cases/kinds", { params: { query } })), placeholderData: keepPreviousData });
}

export function useRecovery(by: By) {
  return useQuery({ queryKey: ["/api/v1/cases/recovery", by], queryFn: () => got(api.GET("/api/v1/cases/recovery", { params: { query: { by } } })), placeholderData: keepPreviousData });
}

export function useCase(id: string) {
  return useQuery({ queryKey: ["/api/v1/cases/{case_id}", id], queryFn: () => got(api.GET("/api/v1/cases/{case_id}", { params: { path: { case_id: id } } })) });
}

export function useEvidence(id: string) {
  return useQuery({ queryKey: ["/api/v1/cases/{case_id}/evidence", id], queryFn: () => got(api.GET("/api/v1/cases/{case_id}/evidence", { params: { path: { case_id: id } } })) });
}

export function useMends(id: string) {
  return useQuery({ queryKey: ["/api/v1/cases/{case_id}/mends", id], queryFn: () => got(api.GET("/api/v1/cases/{case_id}/mends", { params: { path: { case_id: id } } })) });
}

export function useCandidates(id: string, q: string) {
  return useQuery({
    queryKey: ["/api/v1/cases/{case_id}/candidates", id, q], enabled: q !== "", placeholderData: keepPreviousData,
    queryFn: () => got(api.GET("/api/v1/cases/{case_id}/candidates", { params: { path: { case_id: id }, query: { q } } })),
  });
}

/** A preview counts once for what is wished; it is asked for again by hand, or when it has grown old. */
export function usePreview(id: string, mend: Here, wish: MendRequest | undefined) {
  return useQuery({
    queryKey: ["/api/v1/previews", id, mend, wish], enabled: wish !== undefined, staleTime: 60_000, gcTime: 60_000, refetchOnWindowFocus: false,
    queryFn: () => got(api.POST("/api/v1/cases/{case_id}/mends/{mend}/preview", { params: { path: { case_id: id, mend } }, body: wish as MendRequest })),
  });
}

export function useFresh() {
  const client = useQueryClient();
  return () => void client.invalidateQueries({ predicate: (query) => /^\/api\/v1\/(cases|counts)/.test(String(query.queryKey[0])) });
}

export function useMend(id: string, mend: Here) {
  const onSuccess = useFresh();
  return useMutation({
    mutationFn: (body: MendRequest) => got(api.POST("/api/v1/cases/{case_id}/mends/{mend}", { params: { path: { case_id: id, mend } }, body })),
    onSuccess,
  });
}

export function useBulk() {
  const onSuccess = useFresh();
  return useMutation({ mutationFn: (body: CaseBulkRequest) => got(api.POST("/api/v1/cases/bulk", { body })), onSuccess });
}

/** By which ways all of these can be mended alike. */
export function useSharedWays(chosen: CasesChosen) {
  return useQuery({ queryKey: ["/api/v1/bulk-mend/ways", chosen], gcTime: 0, queryFn: () => got(api.POST("/api/v1/cases/bulk-mend/ways", { body: chosen })) });
}

export function useAheadOfMany() {
  return useMutation({ mutationFn: (body: MendManyRequest) => got(api.POST("/api/v1/cases/bulk-mend/preview", { body })) });
}

export function useMendMany() {
  return useMutation({ mutationFn: (body: MendManyRequest) => got(api.POST("/api/v1/cases/bulk-mend", { body, params: { header: { "Idempotency-Key": newKey() } } })) });
}

/** The order's applications after the sale, to be answered. */
export function useApplications(order: string) {
  return useQuery({ queryKey: ["/api/v1/orders/{reference}", order], enabled: order !== "", queryFn: () => got(api.GET("/api/v1/orders/{reference}", { params: { path: { reference: order } } })) });
}

export function useDecide(order: string) {
  const onSuccess = useFresh();
  return useMutation({
    mutationFn: ({ application, body }: { application: string; body: DecisionRequest }) => got(api.POST("/api/v1/orders/{reference}/after-sales/{application}/decision", { params: { path: { reference: order, application } }, body })),
    onSuccess,
  });
}
