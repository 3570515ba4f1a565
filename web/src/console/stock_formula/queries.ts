/** What the page of the formula asks the server. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, got } from "@/api/client";
import type { FormulaCandidate, FormulaRequest } from "@/api/generated/schema";

const FORMULA = "/api/v1/stock/formula";

export function useFormula() {
  return useQuery({ queryKey: [FORMULA], queryFn: () => got(api.GET(FORMULA)) });
}

export function usePrice() {
  return useMutation({ mutationFn: (body: FormulaCandidate) => got(api.POST("/api/v1/stock/formula/preview", { body })) });
}

export function useSave() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: FormulaRequest) => got(api.PUT(FORMULA, { body })),
    onSuccess: () => void client.invalidateQueries({ predicate: (query) => String(query.queryKey[0]).startsWith("/api/v1/stock") }),
  });
}
