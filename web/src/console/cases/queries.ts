/** What the pages of cases ask the server, and have it do. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, got } from "@/api/client";
import type { CaseBulkRequest, MendRequest } from "@/api/generated/schema";
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

function useFresh() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ predicate: (query) => /^\/api\/v1\/(cases|counts)/.test(String(query.queryKey[0])) });
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
