/** What the lifecycle page asks the server. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, got } from "@/api/client";

export function useLifecycle() {
  return useQuery({
    queryKey: ["/api/v1/lifecycle"], queryFn: () => got(api.GET("/api/v1/lifecycle")), placeholderData: keepPreviousData, refetchInterval: 5_000,
  });
}
