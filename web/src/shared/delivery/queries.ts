/** What one delivery asks the server, and what can be done with it. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, got } from "@/api/client";

const LIST = "/api/v1/deliveries";

export function useDelivery(id: string) {
  return useQuery({
    queryKey: ["/api/v1/deliveries/{delivery_id}", id],
    queryFn: () => got(api.GET("/api/v1/deliveries/{delivery_id}", { params: { path: { delivery_id: id } } })),
  });
}

function useRefreshed() {
  const client = useQueryClient();
  return () => void client.invalidateQueries({ predicate: (query) => String(query.queryKey[0]).startsWith(LIST) });
}

export function useResend() {
  const onSuccess = useRefreshed();
  return useMutation({
    mutationFn: (id: string) => got(api.POST("/api/v1/deliveries/{delivery_id}/resend", { params: { path: { delivery_id: id } } })),
    onSuccess,
  });
}

export function useGiveUp() {
  const onSuccess = useRefreshed();
  return useMutation({
    mutationFn: ({ id, reason }: { id: string; reason: string }) =>
      got(api.POST("/api/v1/deliveries/{delivery_id}/give-up", { params: { path: { delivery_id: id } }, body: { reason } })),
    onSuccess,
  });
}
