/** What the page of tokens asks the server. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, got } from "@/api/client";

const LIST = "/api/v1/tokens";

export function useTokens() {
  return useQuery({ queryKey: [LIST], queryFn: () => got(api.GET(LIST)) });
}

/** What can be allowed, by name and in words. */
export function useScopes() {
  return useQuery({ queryKey: ["/api/v1/roles"], queryFn: () => got(api.GET("/api/v1/roles")) });
}

export interface NewToken { name: string; scopes: string[]; days: number | null; role: string; limits: Record<string, string[]> }

export function useMake() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewToken) => got(api.POST(LIST, { body })),
    onSuccess: () => void client.invalidateQueries({ queryKey: [LIST] }),
  });
}

export function useRevoke() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => got(api.DELETE("/api/v1/tokens/{token_id}", { params: { path: { token_id: id } } })),
    onSuccess: () => void client.invalidateQueries({ queryKey: [LIST] }),
  });
}
