// A command of the person: one idempotency key per intention, kept while it is repeated by hand after a lost line.
import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import { OfflineError } from "../api/problem";

export type CommandHeaders = { "Idempotency-Key": string };

// `run` gets headers for its request. After an answer, whichever, the next call is a new intention.
export function useCommand<Input, Result>(
  run: (input: Input, headers: CommandHeaders) => Promise<Result>,
  options: { onDone?: (result: Result, input: Input) => void; onFailed?: (error: unknown, input: Input) => void } = {},
) {
  const kept = useRef<{ input: string; key: string } | null>(null);
  return useMutation<Result, unknown, Input>({
    mutationFn: (input) => {
      const text = JSON.stringify(input) ?? "";
      if (kept.current?.input !== text) kept.current = { input: text, key: crypto.randomUUID() };
      return run(input, { "Idempotency-Key": kept.current.key });
    },
    onSuccess: (result, input) => {
      kept.current = null;
      options.onDone?.(result, input);
    },
    onError: (error, input) => {
      if (!(error instanceof OfflineError)) kept.current = null;
      options.onFailed?.(error, input);
    },
    networkMode: "always",
  });
}
