/** What Home asks the server. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, got } from "@/api/client";
import { meQuery } from "@/shell/me";

const LIVE_MS = 2_000;

/** Everything on Home; asked again while somebody looks. The server answers from what it read within the second. */
export function useHome() {
  return useQuery({
    queryKey: ["/api/v1/home"], queryFn: () => got(api.GET("/api/v1/home")), placeholderData: keepPreviousData, refetchInterval: LIVE_MS, staleTime: LIVE_MS,
  });
}

export function useGuide(isWanted: boolean) {
  return useQuery({ queryKey: ["/api/v1/guide"], queryFn: () => got(api.GET("/api/v1/guide")), enabled: isWanted, refetchInterval: 5_000 });
}

/** Keep something of Home for this user: which cards, whether the guide is put aside. */
export function usePrefer() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (preferences: Record<string, unknown>) => got(api.PUT("/api/v1/me/preferences", { body: { preferences: preferences as Record<string, never> } })),
    onSuccess: () => void client.invalidateQueries({ queryKey: meQuery.queryKey }),
  });
}
