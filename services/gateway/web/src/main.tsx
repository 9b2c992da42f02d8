// The cabinet's start.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import { OfflineError, ProblemError } from "./api/problem";
import { startTexts } from "./texts";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/layout.css";
import "./styles/table.css";
import "./styles/print.css";

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // api/client.ts repeats what can be repeated. Without a line the page says so at once, and asks again when it is back.
      retry: (count, error) => error instanceof OfflineError && navigator.onLine && count < 2,
      refetchOnReconnect: true,
      staleTime: 15_000,
      networkMode: "always",
      throwOnError: (error) => !(error instanceof ProblemError || error instanceof OfflineError),
    },
  },
});

void startTexts().then(() =>
  createRoot(document.getElementById("root")!).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <App />
      </QueryClientProvider>
    </StrictMode>,
  ),
);
