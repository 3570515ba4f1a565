/** What the page of carriers asks the server. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, got } from "@/api/client";

const LIST = "/api/v1/carriers";

export function useCarriers() {
  return useQuery({ queryKey: [LIST], queryFn: () => got(api.GET(LIST)) });
}

export function useSwitch(code: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (isOn: boolean) => {
      const params = { path: { code } };
      return got(isOn ? api.POST("/api/v1/accounts/{code}/enable", { params }) : api.POST("/api/v1/accounts/{code}/disable", { params }));
    },
    onSuccess: () => void client.invalidateQueries({ queryKey: [LIST] }),
  });
}
