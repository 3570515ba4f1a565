/** What the page of rules asks the server. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { api, got } from "@/api/client";

export function useRules() {
  return useQuery({ queryKey: ["/api/v1/rules"], queryFn: () => got(api.GET("/api/v1/rules")) });
}

export function useTry() {
  return useMutation({ mutationFn: (order: string) => got(api.POST("/api/v1/rules/try", { body: { order, rule: "", version: null } })) });
}
