/** The console starts: who is signed in, then the page of the address. */
import "./tokens.css";
import "./base.css";
import "@/shared/pieces.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { asProblem } from "@/api/problem";
import { Looks } from "./looks";
import { leaveWhenSignedOut } from "./me";
import { makeRouter } from "./routes";

const RETRIES = 2;
const client = new QueryClient({
  queryCache: new QueryCache({ onError: leaveWhenSignedOut }),
  mutationCache: new MutationCache({ onError: leaveWhenSignedOut }),
  defaultOptions: {
    queries: {
      staleTime: 30_000, gcTime: 10 * 60_000, refetchOnWindowFocus: false,
      retry: (count, error) => count < RETRIES && asProblem(error).isPassing,
    },
    mutations: { retry: false },
  },
});
const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <Looks>
          <RouterProvider router={makeRouter(client)} />
        </Looks>
      </QueryClientProvider>
    </StrictMode>,
  );
}
