/** What the page of webhook endpoints asks the server. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, got } from "@/api/client";
import type { Search } from "./search";

const LIST = "/api/v1/subscribers";
const LOG = "/api/v1/deliveries";

export function useSubscribers() {
  return useQuery({ queryKey: [LIST], queryFn: () => got(api.GET(LIST)) });
}

/** What was sent to an endpoint; its key is that of deliveries, so that live news renews it. */
export function useLog({ code, state, after }: Search) {
  const query = { account: code ?? "", state: state ?? "", cursor: after ?? "", limit: 50 } as const;
  return useQuery({ queryKey: [LOG, query], queryFn: () => got(api.GET(LOG, { params: { query } })), placeholderData: keepPreviousData });
}

function useChanged() {
  const client = useQueryClient();
  return () => void client.invalidateQueries({ predicate: (query) => [LIST, LOG].includes(String(query.queryKey[0])) });
}

export interface Typed { code: string; title: string; url: string; allow_private: boolean }

export function useAdd() {
  const onSuccess = useChanged();
  return useMutation({ mutationFn: (body: Typed) => got(api.POST(LIST, { body: { ...body, role: null, limits: null } })), onSuccess });
}

export function useChange(code: string) {
  const onSuccess = useChanged();
  return useMutation({
    mutationFn: ({ title, url, allow_private }: Typed) => got(api.PUT("/api/v1/subscribers/{code}", { params: { path: { code } }, body: { title, url, allow_private } })),
    onSuccess,
  });
}

export type Act = "on" | "off" | "remove" | "ping";

export function useAct(code: string) {
  const onSuccess = useChanged();
  return useMutation<unknown, Error, Act>({
    mutationFn: (act) => {
      const params = { path: { code } };
      if (act === "on") return got(api.POST("/api/v1/accounts/{code}/enable", { params }));
      if (act === "off") return got(api.POST("/api/v1/accounts/{code}/disable", { params }));
      if (act === "ping") return got(api.POST("/api/v1/subscribers/{code}/ping", { params }));
      return got(api.DELETE("/api/v1/subscribers/{code}", { params }));
    },
    onSuccess,
  });
}

export function useRenew(code: string) {
  const onSuccess = useChanged();
  return useMutation({ mutationFn: () => got(api.POST("/api/v1/subscribers/{code}/secret", { params: { path: { code } } })), onSuccess });
}
