/** What the page of users asks the server. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, got } from "@/api/client";

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
  return () => client.invalidateQueries({ predicate: (query) => String(query.queryKey[0]).startsWith(LIST) });
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
