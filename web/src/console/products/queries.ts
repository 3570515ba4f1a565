/** What the product pages ask the server. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, got } from "@/api/client";
import type { GoodsView, SkuRow } from "@/api/generated/schema";
import type { Search } from "./search";

const LIST = "/api/v1/skus";
const ONE = "/api/v1/sku";

export function useProducts({ view, q, category, after }: Search) {
  const query = {
    q: q ?? "", after: after ?? "", limit: 50, ...(category === undefined ? {} : { category }),
    ...(view === "active" ? { is_active: true } : view === "inactive" ? { is_active: false } : view === "bundles" ? { is_bundle: true } : {}),
  };
  return useQuery({ queryKey: [LIST, query], queryFn: () => got(api.GET(LIST, { params: { query } })), placeholderData: keepPreviousData, enabled: view !== "twins" });
}

export function useTwins(isWanted: boolean, cursor: string | undefined) {
  return useQuery({
    queryKey: [`${LIST}/twins`, cursor], enabled: isWanted, placeholderData: keepPreviousData,
    queryFn: () => got(api.GET("/api/v1/skus/twins", { params: { query: { cursor: cursor ?? "", limit: 50 } } })),
  });
}

export function useGroups() {
  return useQuery({ queryKey: ["/api/v1/goods/groups"], queryFn: () => got(api.GET("/api/v1/goods/groups")), staleTime: 60_000 });
}

export function useRules() {
  return useQuery({ queryKey: ["/api/v1/goods/rules"], queryFn: () => got(api.GET("/api/v1/goods/rules")), staleTime: 5 * 60_000 });
}

export function useProduct(code: string) {
  return useQuery({ queryKey: [ONE, { code }], queryFn: () => got(api.GET(ONE, { params: { query: { code } } })) });
}

export function useChanges(code: string) {
  return useQuery({
    queryKey: [`${ONE}/history`, { code }],
    queryFn: () => got(api.GET("/api/v1/sku/history", { params: { query: { code, limit: 50 } } })),
  });
}

function useRefreshed() {
  const client = useQueryClient();
  return () => void client.invalidateQueries({ predicate: (query) => String(query.queryKey[0]).startsWith(ONE) });
}

/** Keep a change of a SKU that was looked at in this version. */
export function useSave() {
  const onSuccess = useRefreshed();
  return useMutation({
    mutationFn: ({ row, version }: { row: SkuRow; version: number }): Promise<GoodsView> =>
      got(api.PATCH(ONE, { params: { header: { "If-Match": `"${version}"` } }, body: row })),
    onSuccess,
  });
}

export function useAdd() {
  const onSuccess = useRefreshed();
  return useMutation({ mutationFn: (row: SkuRow) => got(api.POST(LIST, { body: { skus: [row] } })), onSuccess });
}

export function useSwitch() {
  const onSuccess = useRefreshed();
  return useMutation({
    mutationFn: ({ code, isActive }: { code: string; isActive: boolean }) =>
      got(isActive ? api.POST("/api/v1/skus/enable", { body: { code } }) : api.POST("/api/v1/skus/disable", { body: { code } })),
    onSuccess,
  });
}

export function useApart() {
  const onSuccess = useRefreshed();
  return useMutation({ mutationFn: (codes: string[]) => got(api.POST("/api/v1/skus/twins/apart", { body: { codes } })), onSuccess });
}

export function useAlias() {
  const onSuccess = useRefreshed();
  return useMutation({
    mutationFn: (body: { alias: string; sku: string; account: string | null; factor: number; replace: boolean }) => got(api.POST("/api/v1/aliases", { body })),
    onSuccess,
  });
}

export function usePicture(code: string) {
  const onSuccess = useRefreshed();
  return useMutation({
    mutationFn: (file: File | null) =>
      got(file === null
        ? api.DELETE("/api/v1/sku/picture", { params: { query: { code } } })
        : api.PUT("/api/v1/sku/picture", { params: { query: { code } }, body: { file: "" }, bodySerializer: () => formOf(file) })),
    onSuccess,
  });
}

function formOf(file: File): FormData {
  const form = new FormData();
  form.append("file", file);
  return form;
}
