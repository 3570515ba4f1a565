/** What the roles page asks the server. */
import { useQuery } from "@tanstack/react-query";
import { api, got } from "@/api/client";

export function useRoles() {
  return useQuery({ queryKey: ["/api/v1/roles"], queryFn: () => got(api.GET("/api/v1/roles")) });
}
