/** What the page of users asks the server. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, got } from "@/api/client";
import { useTitles } from "@/shared/titles";

const LIST = "/api/v1/users";

export function useUsers() {
  return useQuery({ queryKey: [LIST], queryFn: () => got(api.GET(LIST)) });
}

export function useRoles() {
  return useQuery({ queryKey: ["/api/v1/roles"], queryFn: () => got(api.GET("/api/v1/roles")) });
}

export function useSessionsOf(name: string) {
  return useQuery({
    queryKey: ["/api/v1/users/{name}/sessions", name],
    queryFn: () => got(api.GET("/api/v1/users/{name}/sessions", { params: { path: { name } } })),
  });
}

function useChanged() {
  const client = useQueryClient();
  return () => void client.invalidateQueries({ predicate: (query) => String(query.queryKey[0]).startsWith(LIST) });
}

export function useAdd() {
  const onSuccess = useChanged();
  return useMutation({
    mutationFn: (body: { name: string; role: string; is_outside: boolean }) => got(api.POST(LIST, { body })), onSuccess,
  });
}

export function useReset() {
  const onSuccess = useChanged();
  return useMutation({
    mutationFn: (name: string) => got(api.POST("/api/v1/users/{name}/reset-password", { params: { path: { name } } })), onSuccess,
  });
}

export function useRole() {
  const onSuccess = useChanged();
  return useMutation({
    mutationFn: ({ name, role }: { name: string; role: string }) =>
      got(api.POST("/api/v1/users/{name}/role", { params: { path: { name } }, body: { role } })),
    onSuccess,
  });
}

export type Switch = "disable" | "enable" | "dropSecond" | "endAll";

export function useSwitch() {
  const onSuccess = useChanged();
  return useMutation<unknown, Error, { name: string; act: Switch }>({
    mutationFn: ({ name, act }) => {
      const params = { path: { name } };
      if (act === "disable") return got(api.POST("/api/v1/users/{name}/disable", { params }));
      if (act === "enable") return got(api.POST("/api/v1/users/{name}/enable", { params }));
      if (act === "dropSecond") return got(api.POST("/api/v1/users/{name}/drop-second-factor", { params }));
      return got(api.DELETE("/api/v1/users/{name}/sessions", { params }));
    },
    onSuccess,
  });
}

export function useLimits() {
  const onSuccess = useChanged();
  return useMutation({
    mutationFn: ({ name, limits }: { name: string; limits: Record<string, string[]> }) => got(api.PUT("/api/v1/users/{name}/limits", { params: { path: { name } }, body: { limits } })),
    onSuccess,
  });
}

/** What a limit of a kind can be: warehouses, channels and shops that there are; undefined where it is typed. */
export function useChoices(kind: string): readonly { value: string; label: string }[] | undefined {
  const title = useTitles();
  const warehouses = useQuery({ queryKey: ["/api/v1/warehouses"], queryFn: async () => (await got(api.GET("/api/v1/warehouses"))).warehouses, enabled: kind === "warehouse", staleTime: 60_000 });
  const isOfShops = kind === "shop" || kind === "channel";
  const accounts = useQuery({ queryKey: ["/api/v1/accounts"], queryFn: async () => (await got(api.GET("/api/v1/accounts"))).accounts, enabled: isOfShops, staleTime: 60_000 });
  const shops = (accounts.data ?? []).filter((one) => one.family === "channels");
  if (kind === "warehouse") return (warehouses.data ?? []).map((one) => ({ value: one.code, label: `${one.name} ${one.code}` }));
  if (kind === "shop") return shops.map((one) => ({ value: one.code, label: one.title && one.title !== one.code ? `${one.title} ${one.code}` : one.code }));
  if (kind === "channel") return [...new Set(shops.map((one) => one.connector))].map((value) => ({ value, label: title("connectors", value) }));
  return undefined;
}
