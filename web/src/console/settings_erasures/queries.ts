/** What the page of erasures asks the server. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, got } from "@/api/client";

const LIST = "/api/v1/erasures";

export interface Wish { orders: string[]; phone: string }

export function useErasures(after: string | undefined) {
  const query = { cursor: after ?? "", limit: 50 } as const;
  return useQuery({
    queryKey: [LIST, query], queryFn: () => got(api.GET(LIST, { params: { query } })), placeholderData: keepPreviousData,
    refetchInterval: (state) => (state.state.data?.erasures.some((one) => !one.ended_at) ? 2_000 : false),
  });
}

export function useLook() {
  return useMutation({ mutationFn: (body: Wish) => got(api.POST("/api/v1/erasures/preview", { body })) });
}

export function useErase() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (asked: { wish: Wish; reason: string; count: number; key: string }) => got(api.POST(LIST, {
      body: { ...asked.wish, reason: asked.reason, count: asked.count }, params: { header: { "Idempotency-Key": asked.key } },
    })),
    onSuccess: () => void Promise.all([client.invalidateQueries({ queryKey: [LIST] }), client.invalidateQueries({ queryKey: ["/api/v1/jobs"] })]),
  });
}
