// Report files: asked for, looked at until they are there, fetched, deleted.
import { useQuery } from "@tanstack/react-query";
import { api, reply, type Full } from "../../api/client";
import type { components, paths } from "../../api/schema";

export type ReportFile = Full<components["schemas"]["Export"]>;
export type FileQuestion = NonNullable<paths["/api/v1/exports"]["post"]["requestBody"]>["content"]["application/json"];

const AGAIN_MS = 700;

export const isComing = (file: ReportFile) => file.state === "waiting" || file.state === "running";
export const contentOf = (file: ReportFile) => `/api/v1/exports/${file.exportId}/content`;

export function useFile(exportId: string) {
  return useQuery({
    queryKey: ["exports", exportId], enabled: exportId !== "",
    queryFn: () => reply(api.GET("/api/v1/exports/{exportId}", { params: { path: { exportId } } })),
    refetchInterval: (query) => (query.state.data && !isComing(query.state.data) ? false : AGAIN_MS),
  });
}

export function useFiles() {
  return useQuery({
    queryKey: ["exports"], queryFn: () => reply(api.GET("/api/v1/exports")),
    refetchInterval: (query) => (query.state.data?.exports.some(isComing) ? AGAIN_MS : false),
  });
}
