/** What the import page asks the server. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, got, newKey } from "@/api/client";

export const KINDS = ["skus", "aliases", "bundles", "stock"] as const;
export type Kind = (typeof KINDS)[number];

/** What a person chose of a file. `columns`: our column by its heading, empty for one that is not read. */
export interface Choice {
  kind: Kind;
  file: File;
  columns: Record<string, string>;
  isReplacing: boolean;
  document: string;
  isCounted: boolean;
}

function formOf(file: File): () => FormData {
  return () => {
    const form = new FormData();
    form.append("file", file);
    return form;
  };
}

const given = (one: Choice) => ({
  columns: Object.keys(one.columns).length > 0 ? JSON.stringify(one.columns) : "", is_replacing: one.isReplacing, document: one.document, is_set: one.isCounted,
});

export function useLook() {
  return useMutation({
    mutationFn: (one: Choice) =>
      got(api.POST("/api/v1/tables/{kind}/preview", { params: { path: { kind: one.kind }, query: given(one) }, body: { file: "" }, bodySerializer: formOf(one.file) })),
  });
}

export function useTake() {
  return useMutation({
    mutationFn: ({ one, key, isPartial }: { one: Choice; key: string; isPartial: boolean }) =>
      got(api.POST("/api/v1/tables/{kind}", {
        params: { path: { kind: one.kind }, query: { ...given(one), is_partial: isPartial }, header: { "Idempotency-Key": key } }, body: { file: "" }, bodySerializer: formOf(one.file),
      })),
  });
}

export function useExport() {
  return useMutation({
    mutationFn: ({ kind, form, language }: { kind: Kind; form: "csv" | "xlsx"; language: "zh" | "en" }) =>
      got(api.POST("/api/v1/tables/{kind}/export", { params: { path: { kind }, query: { form, language }, header: { "Idempotency-Key": newKey() } } })),
  });
}

const OVER = new Set(["done", "failed", "cancelled"]);

export function useJob(id: string | undefined) {
  const client = useQueryClient();
  return useQuery({
    queryKey: ["/api/v1/jobs/{job_id}", id], enabled: id !== undefined,
    queryFn: async () => {
      const job = await got(api.GET("/api/v1/jobs/{job_id}", { params: { path: { job_id: id ?? "" } } }));
      if (OVER.has(job.state)) void client.invalidateQueries({ predicate: (query) => /^\/api\/v1\/(sku|stock|aliases)/.test(String(query.queryKey[0])) });
      return job;
    },
    refetchInterval: (query) => (query.state.data && OVER.has(query.state.data.state) ? false : 1000),
  });
}

export function useLeftOut(id: string | undefined, isWanted: boolean) {
  return useQuery({
    queryKey: ["/api/v1/jobs/{job_id}/rows", id], enabled: id !== undefined && isWanted,
    queryFn: () => got(api.GET("/api/v1/jobs/{job_id}/rows", { params: { path: { job_id: id ?? "" }, query: { result: "refused", limit: 200 } } })),
  });
}
